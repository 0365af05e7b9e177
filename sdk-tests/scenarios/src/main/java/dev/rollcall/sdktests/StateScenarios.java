package dev.rollcall.sdktests;

import static dev.rollcall.sdktests.Stage.eventually;
import static dev.rollcall.sdktests.Subscription.toChannels;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Setting and getting states. */
public interface StateScenarios extends Sdk {

    @Test
    default void setState_onOneChannelReplacesTheState(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = stage.client("alice");
        alice.subscribe(toChannels(room));
        alice.setState(alice.userId(), List.of(room), List.of(), Map.of("mood", "happy", "seat", 12L));
        Map<String, Object> state = Map.of("mood", "tired");

        assertThat(alice.setState(alice.userId(), List.of(room), List.of(), state))
                .isEqualTo(state);

        assertThat(alice.state(alice.userId(), List.of(room), List.of())).isEqualTo(Map.of(room, state));
    }

    @Test
    default void setState_onSeveralChannelsSetsEach(Stage stage) {
        String first = stage.name("first");
        String second = stage.name("second");
        SdkClient alice = stage.client("alice");
        alice.subscribe(toChannels(first, second));
        Map<String, Object> state = Map.of("mood", "happy", "list", List.of(1L, "two"));

        assertThat(alice.setState(alice.userId(), List.of(first, second), List.of(), state))
                .isEqualTo(state);

        assertThat(alice.state(alice.userId(), List.of(first, second), List.of()))
                .isEqualTo(Map.of(first, state, second, state));
    }

    @Test
    default void setState_onAGroupSetsItsChannels(Stage stage) {
        String group = stage.name("group");
        String first = stage.name("first");
        String second = stage.name("second");
        SdkClient alice = stage.client("alice");
        alice.addToGroup(group, first, second);
        alice.subscribe(toChannels(first, second));
        Map<String, Object> state = Map.of("mood", "happy");

        assertThat(alice.setState(alice.userId(), List.of(), List.of(group), state))
                .isEqualTo(state);

        assertThat(alice.state(alice.userId(), List.of(), List.of(group)))
                .isEqualTo(Map.of(first, state, second, state));
        assertThat(alice.state(alice.userId(), List.of(second), List.of())).isEqualTo(Map.of(second, state));
    }

    @Test
    default void setState_ofAnotherUser(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = stage.client("alice");
        SdkClient bob = stage.client("bob");
        bob.subscribe(toChannels(room));

        alice.setState(bob.userId(), List.of(room), List.of(), Map.of("role", "guest"));

        assertThat(bob.state(bob.userId(), List.of(room), List.of())).isEqualTo(Map.of(room, Map.of("role", "guest")));
        assertThat(bob.state(alice.userId(), List.of(room), List.of())).isEqualTo(Map.of(room, Map.of()));
    }

    @Test
    default void state_endsWithALeave(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = stage.client("alice");
        SdkClient bob = stage.client("bob");
        bob.subscribe(toChannels(room));
        alice.setState(bob.userId(), List.of(room), List.of(), Map.of("role", "guest"));

        bob.unsubscribe(toChannels(room));

        eventually(() ->
                assertThat(alice.state(bob.userId(), List.of(room), List.of())).isEqualTo(Map.of(room, Map.of())));
    }

    @Test
    default void state_isKeptWhileSubscriptionsChange(Stage stage) {
        String room = stage.name("room");
        String other = stage.name("other");
        SdkClient alice = stage.client("alice");
        alice.subscribe(toChannels(room));
        alice.setState(alice.userId(), List.of(room), List.of(), Map.of("mood", "happy"));

        alice.subscribe(toChannels(other));
        eventually(() -> assertThat(alice.whereNow(alice.userId())).containsExactlyInAnyOrder(room, other));

        assertThat(alice.state(alice.userId(), List.of(room), List.of()))
                .isEqualTo(Map.of(room, Map.of("mood", "happy")));
    }
}

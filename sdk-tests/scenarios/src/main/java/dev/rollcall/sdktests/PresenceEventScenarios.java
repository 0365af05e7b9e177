package dev.rollcall.sdktests;

import static dev.rollcall.sdktests.Stage.eventually;
import static dev.rollcall.sdktests.Stage.line;
import static dev.rollcall.sdktests.Subscription.toChannels;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Joins, leaves, timeouts and changes of state, as a watching client hears them. That nothing was heard is shown by a
 * later event of the same channel, never by waiting.
 */
public interface PresenceEventScenarios extends Sdk {

    /** The least that SDKs let their users ask for. */
    int SHORTEST_PRESENCE_TIMEOUT_SECONDS = 20;

    /** First in line, since it takes longer than all others together. */
    @Test
    @Order(1)
    default void timeout_isHeardWhenHeartbeatsEnd(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = stage.client("alice");
        SdkClient carol = stage.heartbeatingClient("carol", SHORTEST_PRESENCE_TIMEOUT_SECONDS);
        SdkClient bob = stage.silentClient("bob", SHORTEST_PRESENCE_TIMEOUT_SECONDS);
        alice.subscribe(toChannels(room).withPresence());
        carol.subscribe(toChannels(room));
        bob.subscribe(toChannels(room));
        eventually(() -> assertThat(alice.heard().timeline(room))
                .containsExactly(line("join", alice, 1), line("join", carol, 2), line("join", bob, 3)));

        bob.vanish();

        eventually(
                Duration.ofSeconds(SHORTEST_PRESENCE_TIMEOUT_SECONDS + 10),
                () -> assertThat(alice.heard().timeline(room)).hasSize(4).last().isEqualTo(line("timeout", bob, 2)));
        List<Heard.Presence> events = alice.heard().presence(room);
        double seconds = (events.get(3).timetoken() - events.get(2).timetoken()) / 1e7;
        // Timetokens count on from the clock's milliseconds, so their differences are not exact.
        assertThat(seconds)
                .isBetween(SHORTEST_PRESENCE_TIMEOUT_SECONDS - 0.01, SHORTEST_PRESENCE_TIMEOUT_SECONDS + 4.0);
    }

    @Test
    default void join_isHeardByOneself(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = stage.client("alice");

        alice.subscribe(toChannels(room).withPresence());

        eventually(() -> assertThat(alice.heard().timeline(room)).containsExactly(line("join", alice, 1)));
        Heard.Presence join = alice.heard().presence(room).get(0);
        assertThat(join.subscription()).isEqualTo(room);
        assertThat(join.state()).isEmpty();
    }

    @Test
    default void join_ofAChannelAddedLaterIsHeardByOneself(Stage stage) {
        String room = stage.name("room");
        String added = stage.name("added");
        SdkClient alice = watching(stage, room);

        alice.subscribe(toChannels(added).withPresence());

        eventually(() -> assertThat(alice.heard().timeline(added)).containsExactly(line("join", alice, 1)));
        assertThat(alice.heard().timeline(room)).containsExactly(line("join", alice, 1));
    }

    @Test
    default void join_ofAnotherIsHeard(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = watching(stage, room);
        SdkClient bob = stage.client("bob");

        bob.subscribe(toChannels(room));

        eventually(() ->
                assertThat(alice.heard().timeline(room)).containsExactly(line("join", alice, 1), line("join", bob, 2)));
        assertThat(bob.heard().presence(room)).isEmpty();
    }

    @Test
    default void leave_isHeard(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = watching(stage, room);
        SdkClient bob = stage.client("bob");
        bob.subscribe(toChannels(room));
        eventually(() -> assertThat(alice.heard().timeline(room)).hasSize(2));

        bob.unsubscribe(toChannels(room));

        eventually(() -> assertThat(alice.heard().timeline(room))
                .containsExactly(line("join", alice, 1), line("join", bob, 2), line("leave", bob, 1)));
    }

    /** The server may take its time: it waits a moment whether a subscribe right after a leave was meant. */
    @Test
    default void join_againRightAfterALeaveIsHeard(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = watching(stage, room);
        SdkClient bob = stage.client("bob");
        bob.subscribe(toChannels(room));
        eventually(() -> assertThat(alice.heard().timeline(room)).hasSize(2));

        bob.unsubscribe(toChannels(room));
        eventually(() -> assertThat(alice.heard().timeline(room)).hasSize(3));
        bob.subscribe(toChannels(room));

        eventually(() -> assertThat(alice.heard().timeline(room))
                .containsExactly(
                        line("join", alice, 1), line("join", bob, 2), line("leave", bob, 1), line("join", bob, 2)));
    }

    @Test
    default void leave_ofOneChannelKeepsTheOthers(Stage stage) {
        String first = stage.name("first");
        String second = stage.name("second");
        SdkClient alice = stage.client("alice");
        alice.subscribe(toChannels(first, second).withPresence());
        SdkClient bob = stage.client("bob");
        bob.subscribe(toChannels(first, second));
        eventually(() -> assertThat(alice.heard().timeline(first)).contains(line("join", bob, 2)));
        eventually(() -> assertThat(alice.heard().timeline(second)).contains(line("join", bob, 2)));

        bob.unsubscribe(toChannels(first));
        SdkClient carol = stage.client("carol");
        eventually(() -> assertThat(alice.heard().timeline(first)).last().isEqualTo(line("leave", bob, 1)));
        carol.subscribe(toChannels(second));

        eventually(() -> assertThat(alice.heard().timeline(second))
                .containsExactly(line("join", alice, 1), line("join", bob, 2), line("join", carol, 3)));
    }

    @Test
    default void stateChange_isHeardWithTheWholeState(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = watching(stage, room);
        SdkClient bob = stage.client("bob");
        bob.subscribe(toChannels(room));
        eventually(() -> assertThat(alice.heard().timeline(room)).hasSize(2));
        Map<String, Object> state = Map.of("mood", "happy", "seat", Map.of("row", 7L), "tags", List.of("a", "b"));

        bob.setState(bob.userId(), List.of(room), List.of(), Map.of("mood", "tired", "old", true));
        eventually(() -> assertThat(alice.heard().presence(room))
                .last()
                .extracting(Heard.Presence::state)
                .isEqualTo(Map.of("mood", "tired", "old", true)));
        bob.setState(bob.userId(), List.of(room), List.of(), state);

        eventually(() -> assertThat(alice.heard().presence(room))
                .last()
                .extracting(Heard.Presence::state)
                .isEqualTo(state));
        // Java SDK 6 sends a state twice, by itself and with its next subscribe, so there may be more events of one
        // kind.
        assertThat(alice.heard().timeline(room).stream().distinct())
                .containsExactly(line("join", alice, 1), line("join", bob, 2), line("state-change", bob, 2));
    }

    @Test
    default void state_setBeforeJoiningRidesInTheJoin(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = watching(stage, room);
        SdkClient bob = stage.client("bob");
        alice.setState(bob.userId(), List.of(room), List.of(), Map.of("mood", "early"));
        eventually(() -> assertThat(alice.heard().timeline(room)).hasSize(2));

        bob.subscribe(toChannels(room));

        eventually(() -> assertThat(alice.heard().timeline(room))
                .containsExactly(line("join", alice, 1), line("state-change", bob, 1), line("join", bob, 2)));
        assertThat(alice.heard().presence(room).get(2).state()).isEqualTo(Map.of("mood", "early"));
    }

    @Test
    default void secondDevice_isNotCounted(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = watching(stage, room);
        SdkClient phone = stage.client("bob");
        SdkClient laptop = stage.client("bob");
        SdkClient carol = stage.client("carol");

        phone.subscribe(toChannels(room));
        laptop.subscribe(toChannels(room));
        carol.subscribe(toChannels(room));

        eventually(() -> assertThat(alice.heard().timeline(room))
                .containsExactly(line("join", alice, 1), line("join", phone, 2), line("join", carol, 3)));
        eventually(
                () -> assertThat(alice.hereNow(HereNowRequest.ofChannels(room)).userIds(room))
                        .containsExactly(alice.userId(), phone.userId(), carol.userId()));
    }

    @Test
    default void reconnect_withinThePresenceTimeoutIsNoEvent(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = watching(stage, room);
        SdkClient bob = stage.client("bob");
        bob.subscribe(toChannels(room));
        eventually(() -> assertThat(alice.heard().timeline(room)).hasSize(2));

        bob.reconnect();
        bob.publish(room, "still here");
        eventually(() -> assertThat(bob.heard().messages()).hasSize(1));
        stage.client("carol").subscribe(toChannels(room));

        eventually(() -> assertThat(alice.heard().timeline(room))
                .hasSize(3)
                .last()
                .asString()
                .endsWith(" 3"));
        assertThat(alice.heard().presence(room))
                .extracting(Heard.Presence::action)
                .containsOnly("join");
    }

    @Test
    default void restart_withinThePresenceTimeoutIsNoEvent(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = watching(stage, room);
        SdkClient before = stage.client("bob");
        before.subscribe(toChannels(room));
        eventually(() -> assertThat(alice.heard().timeline(room)).hasSize(2));

        before.vanish();
        SdkClient after = stage.client("bob");
        after.subscribe(toChannels(room));
        SdkClient carol = stage.client("carol");
        carol.subscribe(toChannels(room));

        eventually(() -> assertThat(alice.heard().timeline(room))
                .containsExactly(line("join", alice, 1), line("join", after, 2), line("join", carol, 3)));
    }

    /** Opens alice, who watches {@code room} and has heard herself join. */
    private static SdkClient watching(Stage stage, String room) {
        SdkClient alice = stage.client("alice");
        alice.subscribe(toChannels(room).withPresence());
        eventually(() -> assertThat(alice.heard().timeline(room)).containsExactly(line("join", alice, 1)));
        return alice;
    }
}

package dev.rollcall.sdktests;

import static dev.rollcall.sdktests.Stage.eventually;
import static dev.rollcall.sdktests.Stage.line;
import static dev.rollcall.sdktests.Subscription.toChannels;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Subscribing to {@code name.*}. */
public interface WildcardScenarios extends Sdk {

    @Test
    default void wildcard_hearsMessagesBelowIt(Stage stage) {
        String house = stage.name("house");
        SdkClient alice = stage.client("alice");
        SdkClient bob = stage.client("bob");
        alice.subscribe(toChannels(house + ".*"));

        bob.publish(house + "x.kitchen", "next door");
        long timetoken = bob.publish(house + ".kitchen", "hello");

        var expected = new Heard.Message(house + ".kitchen", house + ".*", bob.userId(), "hello", timetoken);
        eventually(() -> assertThat(alice.heard().messages()).containsExactly(expected));
    }

    @Test
    default void wildcard_hearsPresenceBelowIt(Stage stage) {
        String house = stage.name("house");
        String kitchen = house + ".kitchen";
        SdkClient alice = stage.client("alice");
        SdkClient bob = stage.client("bob");
        alice.subscribe(toChannels(house + ".*").withPresence());

        bob.subscribe(toChannels(kitchen));
        eventually(() -> assertThat(alice.heard().timeline(kitchen)).contains(line("join", bob, 1)));
        bob.unsubscribe(toChannels(kitchen));

        eventually(() -> assertThat(alice.heard().timeline(kitchen))
                .containsSubsequence(line("join", bob, 1), line("leave", bob, 0))
                .containsOnly(line("join", bob, 1), line("leave", bob, 0)));
        assertThat(alice.heard().presence(kitchen))
                .extracting(Heard.Presence::subscription)
                .containsOnly(house + ".*");
    }

    @Test
    default void wildcard_isPresentAsItselfOnly(Stage stage) {
        String house = stage.name("house");
        String kitchen = house + ".kitchen";
        SdkClient alice = stage.client("alice");
        SdkClient bob = stage.client("bob");
        alice.subscribe(toChannels(house + ".*"));
        bob.subscribe(toChannels(kitchen));

        eventually(() -> assertThat(alice.whereNow(alice.userId())).containsExactly(house + ".*"));
        eventually(() -> assertThat(
                        alice.hereNow(HereNowRequest.ofChannels(kitchen)).userIds(kitchen))
                .containsExactly(bob.userId()));
    }
}

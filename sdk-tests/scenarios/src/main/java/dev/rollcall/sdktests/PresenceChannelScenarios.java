package dev.rollcall.sdktests;

import static dev.rollcall.sdktests.Stage.eventually;
import static dev.rollcall.sdktests.Stage.line;
import static dev.rollcall.sdktests.Subscription.toChannels;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Watching without being there, for SDKs that subscribe to a presence channel alone. */
public interface PresenceChannelScenarios extends Sdk {

    @Test
    default void watcher_ofThePresenceChannelAloneIsNoOccupant(Stage stage) {
        String room = stage.name("room");
        SdkClient alice = stage.client("alice");
        SdkClient bob = stage.client("bob");
        alice.subscribe(toChannels(room + "-pnpres"));

        bob.subscribe(toChannels(room));

        eventually(() -> assertThat(alice.heard().timeline(room)).containsExactly(line("join", bob, 1)));
        assertThat(alice.whereNow(alice.userId())).isEmpty();
    }
}

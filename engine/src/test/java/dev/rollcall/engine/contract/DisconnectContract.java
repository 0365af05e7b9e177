package dev.rollcall.engine.contract;

import static dev.rollcall.engine.contract.Settings.settings;
import static dev.rollcall.engine.contract.Sound.interval;
import static dev.rollcall.engine.contract.Sound.join;
import static dev.rollcall.engine.contract.Sound.leave;
import static dev.rollcall.engine.contract.Sound.timeout;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that break while a poll waits, with leave-on-disconnect and without. */
abstract class DisconnectContract extends EngineSuite {
    @BeforeEach
    void leaveOnDisconnect() {
        given(settings().leaveOnDisconnect());
    }

    @Test
    void disconnect_withoutTheSettingMeansNothing() {
        given(settings());
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").asksFor(20).subscribes("room");
        watcher.hears(join("alice", 1));

        alice.disconnects();
        advanceSeconds(19);
        nothingMoreFor(watcher);

        advanceMillis(1100);
        watcher.hears(timeout("alice", 0));
    }

    @Test
    void disconnect_withoutAnotherRequestIsALeaveAfterDebounce() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").subscribes("room");
        watcher.hears(join("alice", 1));

        alice.disconnects();
        advanceMillis(1990);
        nothingMoreFor(watcher);
        assertThat(occupancy("room")).isEqualTo(1);

        advanceMillis(110);
        watcher.hears(leave("alice", 0));
        assertThat(occupancy("room")).isZero();
    }

    @Test
    void disconnect_withDebounceZeroIsALeaveAtOnce() {
        given(settings().leaveOnDisconnect().debounce(Duration.ZERO));
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").subscribes("room", "other");
        watcher.hears(join("alice", 1));

        alice.disconnects();

        watcher.hears(leave("alice", 0));
        settle();
        assertThat(whereNow("alice")).isEmpty();
    }

    @Test
    void disconnect_rightAfterSubscribingElsewhereLeavesNobodyBehind() {
        given(settings().leaveOnDisconnect().debounce(Duration.ZERO));
        for (int round = 0; round < 20; round++) {
            RecordingClient alice = user("alice").subscribes("home");

            alice.resubscribes("room" + round, "other" + round);
            alice.disconnects();

            settle();
            assertThat(whereNow("alice")).containsExactly("home");
        }
    }

    @Test
    void disconnect_followedBySubscribeInTimeSaysNothing() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").subscribes("room");
        watcher.hears(join("alice", 1));

        alice.disconnects();
        advanceMillis(1500);
        alice.subscribes("room", "other");
        advanceSeconds(100);

        nothingMoreFor(watcher);
    }

    @Test
    void disconnect_followedByHeartbeatInTimeSaysNothing() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").asksFor(100).subscribes("room");
        watcher.hears(join("alice", 1));

        alice.disconnects();
        advanceMillis(1500);
        alice.heartbeats("room");
        advanceSeconds(99);
        nothingMoreFor(watcher);

        advanceSeconds(2);
        watcher.hears(timeout("alice", 0));
    }

    @Test
    void disconnect_withAShorterListAfterwardsLeavesOnlyWhatIsNotNamed() {
        RecordingClient watcher = somebody().subscribes("kept-pnpres", "dropped-pnpres");
        RecordingClient alice = user("alice").subscribes("kept", "dropped");
        watcher.hearsInAnyOrder(join("alice", 1).on("kept"), join("alice", 1).on("dropped"));

        alice.disconnects();
        alice.subscribes("kept");
        advanceSeconds(100);

        watcher.hears(leave("alice", 0).on("dropped"));
        nothingMoreFor(watcher);
    }

    @Test
    void disconnect_ofOneOfTwoDevicesSaysNothing() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient phone = user("alice").subscribes("room");
        RecordingClient laptop = user("alice").subscribes("room");
        watcher.hears(join("alice", 1));

        phone.disconnects();
        advanceSeconds(60);
        nothingMoreFor(watcher);

        laptop.disconnects();
        advanceMillis(2100);
        watcher.hears(leave("alice", 0));
    }

    @Test
    void disconnect_ofPresenceOnlySubscriberSaysNothing() {
        RecordingClient watcher = watcherOf("room");
        user("alice").heartbeats("room");
        watcher.hears(join("alice", 1));

        user("alice").subscribes("room-pnpres").disconnects();
        advanceSeconds(5);

        nothingMoreFor(watcher);
    }

    @Test
    void disconnect_afterTheLeaveCallIsHeardOnce() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").subscribes("room").leaves("room");

        alice.disconnects();
        advanceSeconds(5);

        watcher.hears(join("alice", 1), leave("alice", 0));
        nothingMoreFor(watcher);
    }

    @Test
    void disconnect_whenTheLeaseEndsFirstEndsThen() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").asksFor(1).subscribes("room");

        alice.disconnects();
        advanceMillis(1100);

        watcher.hears(join("alice", 1));
        assertThat(watcher.hearsNext().text()).isIn("leave alice 0", "timeout alice 0");
    }

    @Test
    void disconnect_ofThePollFromBeforeATimeoutIsALeaveOnceTheUserIsBack() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").asksFor(10).subscribes("room");
        advanceMillis(10_100);
        watcher.hears(join("alice", 1), timeout("alice", 0));
        alice.asksFor(100).heartbeats("room");
        watcher.hears(join("alice", 1));

        alice.disconnects();
        advanceMillis(2100);

        watcher.hears(leave("alice", 0));
    }

    @Test
    void disconnect_ofOneDeviceWhileAnotherWaitsSinceBeforeATimeoutSaysNothing() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").asksFor(10).subscribes("room");
        advanceMillis(10_100);
        watcher.hears(join("alice", 1), timeout("alice", 0));
        alice.asksFor(100).heartbeats("room");
        watcher.hears(join("alice", 1));

        user("alice").subscribes("room").disconnects();
        advanceSeconds(10);

        nothingMoreFor(watcher);
    }

    @Test
    void disconnect_ofThePollFromBeforeALeaveIsALeaveOnceTheUserIsBack() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient laptop = user("alice").subscribes("room");
        user("alice").leaves("room");
        advanceSeconds(3);
        laptop.heartbeats("room");
        watcher.hears(join("alice", 1), leave("alice", 0), join("alice", 1));

        laptop.disconnects();
        advanceMillis(2100);

        watcher.hears(leave("alice", 0));
    }

    @Test
    void disconnect_ofOneDeviceWhileAnotherWaitsSinceItsDelayedJoinWasCalledOffSaysNothing() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").heartbeats("room").leaves("room");
        user("alice").subscribes("room");
        alice.leaves("room").heartbeats("room");
        watcher.hears(join("alice", 1), leave("alice", 0), join("alice", 1));

        user("alice").subscribes("room").disconnects();
        advanceSeconds(10);

        nothingMoreFor(watcher);
    }

    @Test
    void disconnect_aboveAnnounceMaxShowsInTheIntervalEvent() {
        given(settings().leaveOnDisconnect().announceMax(0).deltas());
        RecordingClient watcher = watcherOf("room");
        user("alice").heartbeats("room");
        RecordingClient bob = user("bob").subscribes("room");
        advanceMillis(10_100);
        watcher.hears(interval(2).joined("alice", "bob"));

        bob.disconnects();
        advanceMillis(10_100);

        watcher.hears(interval(1).left("bob"));
    }

    @Test
    void leaveAfterDisconnect_isNotDebounced() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").subscribes("room");
        alice.disconnects();
        advanceMillis(2100);
        watcher.hears(join("alice", 1), leave("alice", 0));

        alice.subscribes("room");

        watcher.hears(join("alice", 1));
    }
}

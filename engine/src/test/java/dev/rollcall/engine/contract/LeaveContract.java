package dev.rollcall.engine.contract;

import static dev.rollcall.engine.contract.Settings.settings;
import static dev.rollcall.engine.contract.Sound.join;
import static dev.rollcall.engine.contract.Sound.leave;
import static dev.rollcall.engine.contract.Sound.timeout;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Going, and coming back too soon. */
abstract class LeaveContract extends EngineSuite {
    @Test
    void leave_takesTheUserOffAtOnce() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").heartbeats("room");
        user("bob").heartbeats("room");
        watcher.hears(join("alice", 1), join("bob", 2));

        alice.leaves("room");

        watcher.hears(leave("alice", 1));
        assertThat(occupants("room")).containsExactly("bob");
        assertThat(whereNow("alice")).isEmpty();
    }

    @Test
    void leave_rightAfterSubscribingElsewhereLeavesNobodyBehind() {
        for (int round = 0; round < 20; round++) {
            RecordingClient alice = user("alice").subscribes("home");

            alice.resubscribes("room" + round).unsubscribes("room" + round);
            alice.resubscribes("room" + round, "other" + round).unsubscribes("room" + round, "other" + round);

            settle();
            assertThat(whereNow("alice")).containsExactly("home");
        }
    }

    @Test
    void leave_endsTheLease() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").asksFor(5).heartbeats("room").leaves("room");
        watcher.hears(join("alice", 1), leave("alice", 0));

        advanceSeconds(10);

        nothingMoreFor(watcher, alice);
    }

    @Test
    void leave_ofSomebodyNotThereSaysNothing() {
        RecordingClient watcher = watcherOf("room");
        user("bob").heartbeats("room");
        watcher.hears(join("bob", 1));

        user("alice").leaves("room", "elsewhere", "room");

        nothingMoreFor(watcher);
        assertThat(occupants("room")).containsExactly("bob");
    }

    @Test
    void leave_namesOnlySomeChannels() {
        RecordingClient alice = user("alice").subscribes("one", "two", "three");

        alice.leaves("one", "three", "two-pnpres");

        assertThat(whereNow("alice")).containsExactly("two");
    }

    @Test
    void leave_ofGroupLeavesItsChannels() {
        addToGroup("all", "one", "two");
        RecordingClient watcher = somebody().subscribes("one-pnpres", "two-pnpres");
        RecordingClient alice = user("alice").subscribesGroups("all");
        watcher.hearsInAnyOrder(join("alice", 1).on("one"), join("alice", 1).on("two"));

        alice.pauses().leaves(List.of(), List.of("all"));

        watcher.hearsInAnyOrder(leave("alice", 0).on("one"), leave("alice", 0).on("two"));
    }

    @Test
    void subscribe_withinDebounceAfterLeaveJoinsAtItsEnd() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").subscribes("room").unsubscribes("room");
        watcher.hears(join("alice", 1), leave("alice", 0));

        advanceMillis(500);
        alice.subscribes("room");
        advanceMillis(1490);
        nothingMoreFor(watcher);
        assertThat(occupancy("room")).isZero();

        advanceMillis(110);
        watcher.hears(join("alice", 1));
        assertThat(occupants("room")).containsExactly("alice");
    }

    @Test
    void subscribe_withinDebounceHearsItselfJoinAtTheEnd() {
        RecordingClient alice = user("alice").subscribes("room", "room-pnpres").hears(join("alice", 1));
        alice.unsubscribes("room");

        alice.subscribes("room", "room-pnpres");
        advanceMillis(2100);

        alice.hears(join("alice", 1));
    }

    @Test
    void subscribe_thatIsClosedBeforeTheEndOfDebounceResurrectsNobody() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").subscribes("room").unsubscribes("room");
        watcher.hears(join("alice", 1), leave("alice", 0));

        alice.subscribes("room").pauses();
        advanceSeconds(10);

        nothingMoreFor(watcher);
        assertThat(occupancy("room")).isZero();
    }

    @Test
    void subscribe_answeredAfterTheLeaveResurrectsNobody() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").subscribes("room").stopsAfterTheNextAnswer();
        watcher.hears(join("alice", 1));

        alice.leaves("room");
        publish("room", "late");
        alice.hears(Sound.message("late"));
        advanceSeconds(10);

        watcher.hears(leave("alice", 0));
        nothingMoreFor(watcher);
    }

    @Test
    void leave_withinDebounceCallsOffTheDelayedJoin() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").subscribes("room").unsubscribes("room");
        watcher.hears(join("alice", 1), leave("alice", 0));
        RecordingClient tab = user("alice").subscribes("room");
        advanceMillis(1500);

        alice.leaves("room");
        advanceSeconds(5);

        nothingMoreFor(watcher, tab);
        assertThat(occupancy("room")).isZero();
    }

    @Test
    void heartbeat_withinDebounceJoinsAtOnce() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").subscribes("room").unsubscribes("room");
        watcher.hears(join("alice", 1), leave("alice", 0));

        alice.heartbeats("room");

        watcher.hears(join("alice", 1));
    }

    @Test
    void subscribe_afterDebounceJoinsAtOnce() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").subscribes("room").unsubscribes("room");
        watcher.hears(join("alice", 1), leave("alice", 0));
        advanceMillis(2000);

        alice.subscribes("room");

        watcher.hears(join("alice", 1));
    }

    @Test
    void subscribe_afterTimeoutIsNotDebounced() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").asksFor(5).heartbeats("room");
        advanceMillis(5100);
        watcher.hears(join("alice", 1), timeout("alice", 0));

        alice.subscribes("room");

        watcher.hears(join("alice", 1));
    }

    @Test
    void debounce_ofZeroDelaysNothing() {
        given(settings().debounce(Duration.ZERO));
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").subscribes("room").unsubscribes("room");

        alice.subscribes("room");

        watcher.hears(join("alice", 1), leave("alice", 0), join("alice", 1));
    }

    @Test
    void debounce_concernsOnlyTheChannelThatWasLeft() {
        RecordingClient watcher = watcherOf("other");
        RecordingClient alice = user("alice").subscribes("room").unsubscribes("room");

        alice.subscribes("room", "other");

        watcher.hears(join("alice", 1));
        assertThat(whereNow("alice")).containsExactly("other");
        advanceMillis(2100);
        assertThat(whereNow("alice")).containsExactly("other", "room");
    }

    @Test
    void debounce_keepsTheAskedTimeoutAndState() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").subscribes("room").unsubscribes("room");
        watcher.hears(join("alice", 1), leave("alice", 0));

        alice.asksFor(20).carries("room", "{\"k\":1}").subscribes("room");
        advanceMillis(2100);
        watcher.hears(join("alice", 1).with("{\"k\":1}"));

        advanceMillis(19_800);
        nothingMoreFor(watcher);
        advanceMillis(300);
        watcher.hears(timeout("alice", 0));
    }

    @Test
    void debounce_delayedJoinLetsThePollStandForTheUser() {
        given(settings().leaveOnDisconnect());
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").subscribes("room").unsubscribes("room");
        alice.asksFor(20).subscribes("room");
        advanceMillis(2100);
        watcher.hears(join("alice", 1), leave("alice", 0), join("alice", 1));

        // Answered: a sign of life.
        advanceSeconds(15);
        alice.stopsAfterTheNextAnswer();
        publish("room", "hi");
        advanceSeconds(15);
        nothingMoreFor(watcher);

        // Disconnected: a leave.
        alice.resumes();
        alice.disconnects();
        advanceMillis(2100);
        watcher.hears(leave("alice", 0));
    }

    @Test
    void debounce_pollOfDelayedJoinThatLosesItsConnectionIsALeave() {
        given(settings().leaveOnDisconnect());
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").subscribes("room").unsubscribes("room");
        alice.subscribes("room");
        advanceMillis(2100);
        watcher.hears(join("alice", 1), leave("alice", 0), join("alice", 1));

        alice.disconnects();
        advanceMillis(2100);

        watcher.hears(leave("alice", 0));
    }
}

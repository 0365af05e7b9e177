package dev.rollcall.engine.contract;

import static dev.rollcall.engine.contract.Settings.settings;
import static dev.rollcall.engine.contract.Sound.interval;
import static dev.rollcall.engine.contract.Sound.join;
import static dev.rollcall.engine.contract.Sound.leave;
import static dev.rollcall.engine.contract.Sound.stateChange;
import static dev.rollcall.engine.contract.Sound.timeout;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Announce mode, interval mode, and the ways between them. */
abstract class IntervalContract extends EngineSuite {
    private RecordingClient present(String name) {
        return user(name).heartbeats("room");
    }

    @Test
    void join_upToAnnounceMaxIsAnnounced() {
        RecordingClient watcher = watcherOf("room");
        for (int i = 1; i <= 20; i++) {
            present("user" + i);
            watcher.hears(join("user" + i, i));
        }

        present("user21");

        nothingMoreFor(watcher);
        assertThat(occupancy("room")).isEqualTo(21);
    }

    @Test
    void join_aboveAnnounceMaxIsToldInIntervalsInstead() {
        given(settings().announceMax(2));
        RecordingClient watcher = watcherOf("room");
        present("alice");
        present("bob");
        present("carol");
        watcher.hears(join("alice", 1), join("bob", 2));

        advanceMillis(9_990);
        nothingMoreFor(watcher);
        advanceMillis(110);

        watcher.hears(interval(3));
    }

    @Test
    void interval_comesEveryIntervalWhetherOrNotAnythingChanged() {
        given(settings().announceMax(0).interval(Duration.ofSeconds(15)).deltas());
        RecordingClient watcher = watcherOf("room");
        present("alice");
        long joined = epochMillis();

        advanceSeconds(61);

        watcher.hears(interval(1).joined("alice"));
        for (int i = 2; i <= 4; i++) {
            Heard event = watcher.hearsNext();
            assertThat(event.text()).isEqualTo("interval 1");
            assertThat(event.payload().path("precise_timestamp").longValue() - joined)
                    .isBetween(15_000L * i, 15_000L * i + 100);
        }
        nothingMoreFor(watcher);
    }

    @Test
    void interval_withoutDeltasHasNoLists() {
        given(settings().announceMax(0));
        RecordingClient watcher = watcherOf("room");
        present("alice");
        present("bob").leaves("room");
        present("carol");

        advanceMillis(10_100);

        watcher.hears(interval(2));
        nothingMoreFor(watcher);
    }

    @Test
    void interval_hasNoUserAndNoState() {
        given(settings().announceMax(0));
        RecordingClient watcher = watcherOf("room");
        user("alice").carries("room", "{\"k\":1}").heartbeats("room");
        advanceMillis(10_100);

        Heard event = watcher.hearsNext();

        assertThat(event.payload().has("uuid")).isFalse();
        assertThat(event.payload().has("data")).isFalse();
        assertThat(event.payload().path("action").textValue()).isEqualTo("interval");
    }

    @Test
    void deltas_listWhoJoinedLeftAndTimedOut() {
        given(settings().announceMax(1).deltas());
        RecordingClient watcher = watcherOf("room");
        present("alice");
        present("bob");
        user("carol").asksFor(12).heartbeats("room");
        present("dave");
        watcher.hears(join("alice", 1));
        advanceMillis(10_100);
        watcher.hears(interval(4).joined("bob", "carol", "dave"));

        user("bob").leaves("room");
        present("erin");
        advanceSeconds(10);

        watcher.hears(interval(3).joined("erin").left("bob").timedOut("carol"));
        nothingMoreFor(watcher);
    }

    @Test
    void deltas_ofWhoCameAndWentWithinOneIntervalAreNone() {
        given(settings().announceMax(1).deltas());
        RecordingClient watcher = watcherOf("room");
        present("alice");
        present("bob");
        advanceMillis(10_100);
        watcher.hears(join("alice", 1), interval(2).joined("bob"));

        present("carol").leaves("room");
        present("dave");
        RecordingClient bob = user("bob").leaves("room");
        bob.heartbeats("room");
        advanceSeconds(10);

        watcher.hears(interval(3).joined("dave"));
    }

    @Test
    void deltas_ofWhoCameLeftAndCameAgainAreOneJoin() {
        given(settings().announceMax(1).deltas());
        RecordingClient watcher = watcherOf("room");
        present("alice");
        present("bob").leaves("room");
        present("carol");
        RecordingClient bob = present("bob").leaves("room");
        bob.heartbeats("room");
        watcher.hears(join("alice", 1), interval(2).joined("bob"), leave("bob", 1));

        advanceMillis(10_100);

        watcher.hears(interval(3).joined("bob", "carol"));
    }

    @Test
    void deltas_tooLongForAnEventAreDropped() {
        given(settings().announceMax(0).deltas());
        RecordingClient watcher = watcherOf("room");
        String longName = "u".repeat(80);
        for (int i = 0; i < 400; i++) {
            present(longName + i);
        }
        advanceMillis(10_100);
        watcher.hears(interval(400).refresh());

        present("alice");
        advanceSeconds(10);
        watcher.hears(interval(401).joined("alice"));
    }

    @Test
    void deltas_thatJustFitAreSent() {
        given(settings().announceMax(0).deltas());
        RecordingClient watcher = watcherOf("room");
        String longName = "u".repeat(80);
        for (int i = 0; i < 300; i++) {
            present(longName + i);
        }
        advanceMillis(10_100);

        Heard event = watcher.hearsNext();

        assertThat(event.payload().path("join")).hasSize(300);
        assertThat(event.payload().has("here_now_refresh")).isFalse();
    }

    @Test
    void departure_toAnnounceMaxIsAnnouncedAfterAFlush() {
        given(settings().announceMax(2).deltas());
        RecordingClient watcher = watcherOf("room");
        present("alice");
        RecordingClient bob = present("bob");
        present("carol");
        watcher.hears(join("alice", 1), join("bob", 2));
        advanceSeconds(3);

        bob.leaves("room");

        watcher.hears(interval(3).joined("carol"), leave("bob", 2));
        advanceSeconds(30);
        nothingMoreFor(watcher);
    }

    @Test
    void departure_toAnnounceMaxWithNothingPendingHasNoFlush() {
        given(settings().announceMax(2).deltas());
        RecordingClient watcher = watcherOf("room");
        present("alice");
        present("bob");
        user("carol").asksFor(15).heartbeats("room");
        advanceMillis(10_100);
        watcher.hears(join("alice", 1), join("bob", 2), interval(3).joined("carol"));

        advanceSeconds(5);

        watcher.hears(timeout("carol", 2));
        advanceSeconds(30);
        nothingMoreFor(watcher);
    }

    @Test
    void departure_aboveAnnounceMaxIsToldInIntervalsOnly() {
        given(settings().announceMax(1).deltas());
        RecordingClient watcher = watcherOf("room");
        present("alice");
        present("bob");
        RecordingClient carol = present("carol");
        watcher.hears(join("alice", 1));

        carol.leaves("room");
        nothingMoreFor(watcher);
        advanceMillis(10_100);

        watcher.hears(interval(2).joined("bob"));
    }

    @Test
    void crossing_backAndForthStartsANewInterval() {
        given(settings().announceMax(1).deltas());
        RecordingClient watcher = watcherOf("room");
        present("alice");
        RecordingClient bob = present("bob");
        advanceSeconds(9);
        bob.leaves("room");
        watcher.hears(join("alice", 1), interval(2).joined("bob"), leave("bob", 1));

        present("carol");
        advanceMillis(9_990);
        nothingMoreFor(watcher);
        advanceMillis(110);

        watcher.hears(interval(2).joined("carol"));
    }

    @Test
    void announceMax_ofZeroAnnouncesOnlyTheLastDeparture() {
        given(settings().announceMax(0).deltas());
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = present("alice");
        nothingMoreFor(watcher);

        alice.leaves("room");

        watcher.hears(interval(1).joined("alice"), leave("alice", 0));
    }

    @Test
    void stateChange_isAnnouncedAtAnyOccupancy() {
        given(settings().announceMax(1));
        RecordingClient watcher = watcherOf("room");
        present("alice");
        present("bob").setsState("{\"k\":1}", "room");

        watcher.hears(join("alice", 1), stateChange("bob", 2, "{\"k\":1}"));
    }

    @Test
    void occupancy_staysExactInIntervalMode() {
        given(settings().announceMax(1));
        for (int i = 1; i <= 30; i++) {
            present("user" + i);
            assertThat(occupancy("room")).isEqualTo(i);
        }
        user("user7").leaves("room");
        assertThat(occupancy("room")).isEqualTo(29);
    }

    @Test
    void interval_occupancyIsTheRostersAtThatMoment() {
        given(settings().announceMax(0).deltas());
        RecordingClient watcher = watcherOf("room");
        int told = 0;
        for (int i = 0; i < 25; i++) {
            present("user" + i);
            advanceSeconds(3);
            while (!watcher.unheard().isEmpty()) {
                Heard event = watcher.hearsNext();
                told += event.payload().path("join").size()
                        - event.payload().path("leave").size();
                assertThat(event.payload().path("occupancy").intValue()).isEqualTo(told);
            }
        }
        assertThat(told).isPositive();
    }

    @Test
    void announceMax_raisedWhileCrowdedEndsIntervalsAtTheNext() {
        given(settings().announceMax(1).deltas());
        RecordingClient watcher = watcherOf("room");
        present("alice");
        present("bob");
        watcher.hears(join("alice", 1));

        reconfigured(settings().announceMax(10).deltas());
        present("carol");
        advanceSeconds(30);

        watcher.hears(interval(2).joined("bob"), join("carol", 3));
        nothingMoreFor(watcher);
    }

    @Test
    void announceMax_loweredWhileAnnouncedCountsFromTheNextChange() {
        RecordingClient watcher = watcherOf("room");
        present("alice");
        present("bob");
        watcher.hears(join("alice", 1), join("bob", 2));

        reconfigured(settings().announceMax(1).deltas());
        present("carol");
        nothingMoreFor(watcher);
        advanceMillis(10_100);

        watcher.hears(interval(3).joined("carol"));
    }
}

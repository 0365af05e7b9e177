package dev.rollcall.engine.contract;

import static dev.rollcall.engine.contract.Settings.settings;
import static dev.rollcall.engine.contract.Sound.join;
import static dev.rollcall.engine.contract.Sound.leave;
import static dev.rollcall.engine.contract.Sound.stateChange;
import static dev.rollcall.engine.contract.Sound.timeout;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.Targets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The state an occupant carries. */
abstract class StateContract extends EngineSuite {
    @Test
    void setState_ofSomebodyPresentIsAnnouncedAndShown() {
        RecordingClient watcher = watcherOf("room");
        user("bob").heartbeats("room");
        user("alice").heartbeats("room").setsState("{\"mood\":\"good\"}", "room");

        watcher.hears(join("bob", 1), join("alice", 2), stateChange("alice", 2, "{\"mood\":\"good\"}"));
        assertThat(state("alice", "room")).isEqualTo("{\"mood\":\"good\"}");
        assertThat(occupants("room")).containsExactly("bob", "alice{\"mood\":\"good\"}");
    }

    @Test
    void setState_replacesTheWholeObject() {
        user("alice").heartbeats("room").setsState("{\"a\":1,\"b\":2}", "room").setsState("{\"b\":3}", "room");

        assertThat(state("alice", "room")).isEqualTo("{\"b\":3}");
    }

    @Test
    void setState_ofNothingClears() {
        RecordingClient watcher = watcherOf("room");
        user("alice").heartbeats("room").setsState("{\"a\":1}", "room").setsState("{}", "room");

        watcher.hears(join("alice", 1), stateChange("alice", 1, "{\"a\":1}"), stateChange("alice", 1, "{}"));
        assertThat(state("alice", "room")).isEqualTo("{}");
        assertThat(occupants("room")).containsExactly("alice");
    }

    @Test
    void setState_toTheSameSaysNothing() {
        RecordingClient watcher = watcherOf("room");
        user("alice").heartbeats("room").setsState("{\"a\":1}", "room").setsState("{\"a\":1}", "room");

        watcher.hears(join("alice", 1), stateChange("alice", 1, "{\"a\":1}"));
        nothingMoreFor(watcher);
    }

    @Test
    void setState_goesToEveryChannelAndToTheChannelsOfGroups() {
        addToGroup("all", "two", "three");
        RecordingClient alice = user("alice").heartbeats("one", "two", "three", "four");

        alice.setsState("{\"a\":1}", List.of("one", "two"), List.of("all"));

        assertThat(states("alice", channel("one", "two", "three", "four")))
                .containsExactly(
                        entry("one", "{\"a\":1}"),
                        entry("two", "{\"a\":1}"),
                        entry("three", "{\"a\":1}"),
                        entry("four", "{}"));
    }

    @Test
    void setState_isNoSignOfLife() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").asksFor(10).heartbeats("room");
        advanceSeconds(8);

        alice.setsState("{\"a\":1}", "room");
        advanceMillis(2100);

        watcher.hears(join("alice", 1), stateChange("alice", 1, "{\"a\":1}"), timeout("alice", 0));
    }

    @Test
    void setState_ofSomebodyAbsentIsAnnouncedWithTheTrueOccupancy() {
        RecordingClient watcher = watcherOf("room");
        user("alice").setsState("{\"a\":1}", "room");
        user("bob").heartbeats("room");
        user("carol").setsState("{\"c\":1}", "room");

        watcher.hears(stateChange("alice", 0, "{\"a\":1}"), join("bob", 1), stateChange("carol", 1, "{\"c\":1}"));
        assertThat(occupants("room")).containsExactly("bob");
        assertThat(whereNow("alice")).isEmpty();
        assertThat(state("alice", "room")).isEqualTo("{\"a\":1}");
    }

    @Test
    void setState_ofSomebodyAbsentIsUsedByHisNextJoin() {
        RecordingClient watcher = watcherOf("room");
        user("alice").setsState("{\"a\":1}", "room");
        advanceSeconds(299);

        user("alice").subscribes("room");

        watcher.hears(stateChange("alice", 0, "{\"a\":1}"), join("alice", 1).with("{\"a\":1}"));
        assertThat(occupants("room")).containsExactly("alice{\"a\":1}");
    }

    @Test
    void setState_ofSomebodyAbsentIsForgottenAfterOnePresenceTimeout() {
        given(settings().presenceTimeout(Duration.ofSeconds(60)));
        RecordingClient watcher = watcherOf("room");
        user("alice").setsState("{\"a\":1}", "room");
        advanceMillis(59_990);
        assertThat(state("alice", "room")).isEqualTo("{\"a\":1}");

        advanceMillis(110);
        assertThat(state("alice", "room")).isEqualTo("{}");
        user("alice").heartbeats("room");

        watcher.hears(stateChange("alice", 0, "{\"a\":1}"), join("alice", 1));
    }

    @Test
    void setState_repeatedForSomebodyAbsentKeepsItLonger() {
        given(settings().presenceTimeout(Duration.ofSeconds(60)));
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").setsState("{\"a\":1}", "room");
        advanceSeconds(40);

        alice.setsState("{\"a\":1}", "room");
        advanceSeconds(40);

        assertThat(state("alice", "room")).isEqualTo("{\"a\":1}");
        watcher.hears(stateChange("alice", 0, "{\"a\":1}"));
        nothingMoreFor(watcher);
    }

    @Test
    void state_isDroppedOnLeaveAndTimeout() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").asksFor(5).heartbeats("room").setsState("{\"a\":1}", "room");
        alice.leaves("room");
        assertThat(state("alice", "room")).isEqualTo("{}");
        alice.heartbeats("room").setsState("{\"a\":2}", "room");
        advanceMillis(5100);
        assertThat(state("alice", "room")).isEqualTo("{}");
        alice.heartbeats("room");

        watcher.hears(
                join("alice", 1),
                stateChange("alice", 1, "{\"a\":1}"),
                leave("alice", 0),
                join("alice", 1),
                stateChange("alice", 1, "{\"a\":2}"),
                timeout("alice", 0),
                join("alice", 1));
        nothingMoreFor(watcher);
    }

    @Test
    void state_setAfterALeaveSurvivesTheDebounce() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").subscribes("room").unsubscribes("room");
        alice.setsState("{\"a\":1}", "room");
        advanceSeconds(10);

        alice.subscribes("room");

        watcher.hears(
                join("alice", 1),
                leave("alice", 0),
                stateChange("alice", 0, "{\"a\":1}"),
                join("alice", 1).with("{\"a\":1}"));
    }

    @Test
    void state_ofSomebodyAbsentIsDroppedByHisLeave() {
        RecordingClient watcher = watcherOf("room");
        user("alice").setsState("{\"a\":1}", "room").leaves("room");

        assertThat(state("alice", "room")).isEqualTo("{}");
        watcher.hears(stateChange("alice", 0, "{\"a\":1}"));
        nothingMoreFor(watcher);
    }

    @Test
    void state_onSubscribeRidesOnTheJoin() {
        RecordingClient watcher = watcherOf("room");

        user("alice")
                .carries("room", "{\"a\":1}")
                .carries("elsewhere", "{\"b\":1}")
                .subscribes("room");

        watcher.hears(join("alice", 1).with("{\"a\":1}"));
        nothingMoreFor(watcher);
        assertThat(state("alice", "room")).isEqualTo("{\"a\":1}");
        assertThat(state("alice", "elsewhere")).isEqualTo("{}");
    }

    @Test
    void state_onHeartbeatRidesOnTheJoin() {
        RecordingClient watcher = watcherOf("room");

        user("alice").carries("room", "{\"a\":1}").heartbeats("room");

        watcher.hears(join("alice", 1).with("{\"a\":1}"));
        nothingMoreFor(watcher);
    }

    @Test
    void state_onSignOfLifeOfSomebodyPresentIsAnnouncedIfItChanges() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").heartbeats("room");

        alice.carries("room", "{\"a\":1}").heartbeats("room");
        alice.carries("room", "{\"a\":2}").subscribes("room");

        watcher.hears(join("alice", 1), stateChange("alice", 1, "{\"a\":1}"), stateChange("alice", 1, "{\"a\":2}"));
        nothingMoreFor(watcher);
    }

    @Test
    void state_onAPollOfSomebodyPresentSaysNothing() {
        RecordingClient watcher = watcherOf("room");
        user("alice").carries("room", "{\"phone\":1}").subscribes("room");
        user("alice").carries("room", "{\"laptop\":1}").subscribes("room");
        watcher.hears(join("alice", 1).with("{\"phone\":1}"), stateChange("alice", 1, "{\"laptop\":1}"));

        // Answers the polls of both, which come again with the state of each.
        publish("room", "hello");

        nothingMoreFor(watcher);
        assertThat(state("alice", "room")).isEqualTo("{\"laptop\":1}");
    }

    @Test
    void state_onSignOfLifeThatIsEqualOrNotNamedSaysNothing() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").carries("room", "{\"a\":1}").heartbeats("room");
        watcher.hears(join("alice", 1).with("{\"a\":1}"));

        alice.heartbeats("room").subscribes("room");
        alice.carriesNothing().heartbeats("room");
        alice.carries("other", "{\"b\":1}").heartbeats("room");

        nothingMoreFor(watcher);
        assertThat(state("alice", "room")).isEqualTo("{\"a\":1}");
    }

    @Test
    void state_keyedByGroupGoesToItsChannels() {
        addToGroup("all", "one", "two");
        RecordingClient watcher = somebody().subscribesGroups("all-pnpres");

        user("alice").carries("all", "{\"a\":1}").carries("two", "{\"b\":1}").subscribesGroups("all");
        user("bob").carries("all", "{\"a\":1}").carries("two", "{\"b\":1}").heartbeats(List.of(), List.of("all"));

        watcher.hearsInAnyOrder(
                join("alice", 1).on("one").with("{\"a\":1}"),
                join("alice", 1).on("two").with("{\"b\":1}"),
                join("bob", 2).on("one").with("{\"a\":1}"),
                join("bob", 2).on("two").with("{\"b\":1}"));
        nothingMoreFor(watcher);
    }

    @Test
    void state_keyedByGroupReachesAChannelNamedBesideIt() {
        addToGroup("all", "room");
        RecordingClient watcher = watcherOf("room");

        user("alice").carries("all", "{\"a\":1}").subscribes(List.of("room"), List.of("all"));

        watcher.hears(join("alice", 1).with("{\"a\":1}"));
        nothingMoreFor(watcher);
    }

    @Test
    void state_isOfOneChannelAndOneUser() {
        user("alice").heartbeats("one", "two").setsState("{\"a\":1}", "one");
        user("bob").heartbeats("one");

        assertThat(state("alice", "two")).isEqualTo("{}");
        assertThat(state("bob", "one")).isEqualTo("{}");
    }

    @Test
    void state_ofUnknownUserIsEmpty() {
        assertThat(state("nobody", "nowhere")).isEqualTo("{}");
    }

    @Test
    void state_ofSeveralChannelsListsEachInTheOrderAsked() {
        addToGroup("all", "two", "three");
        user("alice").heartbeats("two").setsState("{\"a\":1}", "two");

        assertThat(states("alice", new Targets(channels("one"), group("all").groups())))
                .containsExactly(entry("one", "{}"), entry("two", "{\"a\":1}"), entry("three", "{}"));
    }

    @Test
    void state_survivesAReconnectWithinTheTimeout() {
        RecordingClient alice =
                user("alice").carries("room", "{\"a\":1}").subscribes("room").pauses();
        advanceSeconds(200);

        alice.carriesNothing().subscribes("room");

        assertThat(state("alice", "room")).isEqualTo("{\"a\":1}");
    }
}

package dev.rollcall.engine.contract;

import static dev.rollcall.engine.contract.Settings.settings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.TrackingRule.Event;
import org.junit.jupiter.api.Test;

/** What caused a coming or going, in the stream of events and, where a keyset asks for it, on the wire. */
abstract class CauseContract extends EngineSuite {
    @Test
    void join_isCausedByWhateverCameFirst() {
        RecordingReader reader = reader();
        user("alice").heartbeats("room").subscribes("room");
        user("bob").subscribes("room");
        user("carol").subscribes("room").heartbeats("room");

        reader.reads("room: join alice 1 heartbeat", "room: join bob 2 subscribe", "room: join carol 3 subscribe");
        nothingMoreFor(reader);
    }

    @Test
    void leave_isExplicit() {
        RecordingReader reader = reader();
        user("alice").heartbeats("room").leaves("room");

        reader.reads("room: join alice 1 heartbeat", "room: leave alice 0 explicit");
    }

    @Test
    void timeout_isATimeout() {
        RecordingReader reader = reader();
        user("alice").asksFor(5).heartbeats("room");
        advanceMillis(5100);

        reader.reads("room: join alice 1 heartbeat", "room: timeout alice 0 timeout");
    }

    @Test
    void disconnect_isTheCauseOfALeave() {
        given(settings().leaveOnDisconnect());
        RecordingReader reader = reader();
        user("alice").subscribes("room").disconnects();
        advanceMillis(2600);

        reader.reads("room: join alice 1 subscribe", "room: leave alice 0 disconnect");
    }

    @Test
    void disconnect_withoutDebounceIsTheCauseToo() {
        given(settings().leaveOnDisconnect().debounce(java.time.Duration.ZERO));
        RecordingReader reader = reader();
        user("alice").subscribes("room").disconnects();
        advanceMillis(600);

        reader.reads("room: join alice 1 subscribe", "room: leave alice 0 disconnect");
    }

    @Test
    void disconnect_thatIsMadeGoodIsNoCauseLater() {
        given(settings().leaveOnDisconnect());
        RecordingReader reader = reader();
        user("alice").asksFor(10).subscribes("room").disconnects();
        advanceMillis(500);
        user("alice").asksFor(10).heartbeats("room");
        advanceMillis(10_100);

        reader.reads("room: join alice 1 subscribe", "room: timeout alice 0 timeout");
    }

    @Test
    void revocation_takesOffAtOnceWhereALostConnectionWould() {
        given(settings().leaveOnDisconnect());
        RecordingReader reader = reader();
        user("alice").subscribes("room").isRevoked();
        advanceMillis(600);

        reader.reads("room: join alice 1 subscribe", "room: leave alice 0 revoked");
    }

    @Test
    void revocation_ofOneOfTwoPollsMeansNothing() {
        given(settings().leaveOnDisconnect());
        RecordingReader reader = reader();
        RecordingClient first = user("alice").asksFor(10).subscribes("room");
        user("alice").asksFor(10).subscribes("room");
        settle();
        first.isRevoked();
        advanceMillis(5000);

        reader.reads("room: join alice 1 subscribe");
        nothingMoreFor(reader);
    }

    @Test
    void revocation_elsewhereLeavesThePresenceToItsLease() {
        RecordingReader reader = reader();
        user("alice").asksFor(10).subscribes("room").isRevoked();
        advanceMillis(10_100);

        reader.reads("room: join alice 1 subscribe", "room: timeout alice 0 timeout");
    }

    @Test
    void rules_thatChangeTakeOffWithoutAWordToClients() {
        RecordingClient watcher = watcherOf("room");
        RecordingReader reader = reader();
        user("alice").heartbeats("room");
        user("bob").heartbeats("room");
        settle();
        watcher.ignoresTheRest();

        reconfigured(settings().track("other"));
        settle();

        reader.reads("room: join alice 1 heartbeat", "room: join bob 2 heartbeat");
        reader.reads("room: leave alice 1 rule_changed", "room: leave bob 0 rule_changed");
        nothingMoreFor(watcher);
        nothingMoreFor(reader);
    }

    @Test
    void crowd_isToldOneByOneWithItsCauses() {
        given(settings().announceMax(1).leaveOnDisconnect());
        RecordingReader reader = reader();
        user("alice").asksFor(100).heartbeats("room");
        user("bob").asksFor(5).heartbeats("room");
        user("carol").asksFor(5).heartbeats("room");
        user("dave").asksFor(5).subscribes("room").disconnects();
        reader.reads(
                "room: join alice 1 heartbeat",
                "room: join bob 2 heartbeat",
                "room: join carol 3 heartbeat",
                "room: join dave 4 subscribe");
        advanceMillis(3000);
        reader.reads("room: leave dave 3 disconnect");
        user("bob").leaves("room");
        reader.reads("room: leave bob 2 explicit");
        advanceMillis(2100);

        assertThat(reader.next().what()).isInstanceOf(dev.rollcall.protocol.PresenceEvent.Interval.class);
        reader.reads("room: timeout carol 1 timeout");
    }

    @Test
    void many_thatTimeOutAtOnceHaveEachTheirOwnTimetoken() {
        given(settings().announceMax(1));
        RecordingReader reader = reader();
        for (int i = 0; i < 10; i++) {
            user("user" + i).asksFor(5).heartbeats("room");
            reader.next();
        }
        jump(java.time.Duration.ofSeconds(6));

        for (int occupancy = 9; occupancy >= 0; occupancy--) {
            dev.rollcall.engine.events.Event event = reader.next();
            while (event.user() == null) {
                event = reader.next();
            }
            assertThat(event.occupancy()).isEqualTo(occupancy);
            assertThat(event.cause()).isEqualTo("timeout");
        }
    }

    @Test
    void cause_isNotOnTheWireUnlessAskedFor() {
        RecordingClient watcher = watcherOf("room");
        user("alice").heartbeats("room").leaves("room");

        for (int i = 0; i < 2; i++) {
            Heard heard = watcher.hearsNext();
            assertThat(heard.payload().has("cause")).isFalse();
            assertThat(heard.envelope().path("u").has("pn_cause")).isFalse();
        }
    }

    @Test
    void cause_isOnTheWireWhereTheKeysetAsksForIt() {
        given(settings().causes().leaveOnDisconnect());
        RecordingClient watcher = watcherOf("room");
        user("alice").carries("room", "{\"k\":1}").heartbeats("room").leaves("room");
        isCaused(watcher.hearsNext(), "heartbeat");
        isCaused(watcher.hearsNext(), "explicit");

        user("bob").asksFor(5).subscribes("room").disconnects();
        user("carol").asksFor(5).heartbeats("room");
        isCaused(watcher.hearsNext(), "subscribe");
        isCaused(watcher.hearsNext(), "heartbeat");
        advanceMillis(5100);
        isCaused(watcher.hearsNext(), "disconnect");
        isCaused(watcher.hearsNext(), "timeout");
        user("carol").setsState("{\"k\":2}", "room");
        assertThat(watcher.hearsNext().payload().has("cause")).isFalse();
    }

    @Test
    void cause_isOnTheWireThroughWildcardsToo() {
        given(settings().causes());
        RecordingClient watcher = somebody().subscribes("team.*-pnpres");
        user("alice").heartbeats("team.room");

        isCaused(watcher.hearsNext(), "heartbeat");
    }

    @Test
    void eventThatARuleSwitchesOff_isInTheStreamAllTheSame() {
        given(settings().rule("room", Event.LEAVE));
        RecordingReader reader = reader();
        user("alice").heartbeats("room").leaves("room");

        reader.reads("room: join alice 1 heartbeat", "room: leave alice 0 explicit");
    }

    private static void isCaused(Heard heard, String cause) {
        assertThat(heard.payload().path("cause").textValue()).isEqualTo(cause);
        assertThat(heard.envelope().path("u").path("pn_cause").textValue()).isEqualTo(cause);
    }
}

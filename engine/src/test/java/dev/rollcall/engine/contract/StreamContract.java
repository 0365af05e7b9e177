package dev.rollcall.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.events.Event;
import dev.rollcall.engine.events.EventStream;
import dev.rollcall.engine.events.Gap;
import dev.rollcall.protocol.SubscribeKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stands in the stream of events. */
abstract class StreamContract extends EngineSuite {
    @Test
    void stream_tellsEverythingInTheOrderInWhichItHappened() {
        RecordingReader reader = reader();
        RecordingClient alice =
                user("alice").asksFor(50).carries("room", "{\"k\":1}").heartbeats("room");
        user("bob").asksFor(5).heartbeats("room");
        alice.setsState("{\"k\":2}", "room");
        advanceMillis(5100);
        alice.leaves("room");

        reader.reads(
                "room: join alice 1 heartbeat {\"k\":1}",
                "room: join bob 2 heartbeat",
                "room: state-change alice 2 {\"k\":2}",
                "room: timeout bob 1 timeout",
                "room: leave alice 0 explicit");
        nothingMoreFor(reader);
    }

    @Test
    void stream_tellsOfEveryKeysetAndChannel() {
        SubscribeKey other = new SubscribeKey("other");
        RecordingReader reader = reader();
        user("alice").heartbeats("room");
        Event first = reader.next();
        user(other, "alice").heartbeats("room");
        Event second = reader.next();
        user("alice").subscribes("team.*");

        assertThat(first.key()).isEqualTo(KEY);
        assertThat(second.key()).isEqualTo(other);
        reader.reads("team.*: join alice 1 subscribe");
    }

    @Test
    void timetoken_isThatOfTheMessageThatClientsHear() {
        RecordingClient watcher = watcherOf("room");
        RecordingReader reader = reader();
        user("alice").asksFor(5).heartbeats("room").setsState("{\"k\":1}", "room");
        advanceMillis(5100);

        for (int i = 0; i < 3; i++) {
            assertThat(reader.next().timetoken()).isEqualTo(watcher.hearsNext().timetoken());
        }
    }

    @Test
    void timetokens_areEachThatOfOneEvent() {
        RecordingReader reader = reader();
        List<Long> timetokens = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            user("user" + i).heartbeats("room" + i % 5);
        }
        for (int i = 0; i < 60; i++) {
            timetokens.add(reader.next().timetoken());
        }
        assertThat(timetokens).doesNotHaveDuplicates();
    }

    @Test
    void stream_beginsWhereItIsOpened() {
        user("alice").heartbeats("room");
        settle();
        RecordingReader reader = reader();
        user("bob").heartbeats("room");

        reader.reads("room: join bob 2 heartbeat");
        nothingMoreFor(reader);
    }

    @Test
    void stream_goesOnWhereAnotherReaderStood() {
        RecordingReader first = reader();
        user("alice").heartbeats("room");
        first.reads("room: join alice 1 heartbeat");
        long position = first.position();
        first.close();
        user("bob").heartbeats("room");
        user("carol").heartbeats("room");
        settle();

        RecordingReader second = new RecordingReader(engine.events(), position);
        second.reads("room: join bob 2 heartbeat", "room: join carol 3 heartbeat");
        user("dave").heartbeats("room");
        second.reads("room: join dave 4 heartbeat");
        nothingMoreFor(second);
    }

    @Test
    void stream_thatNobodyReadForLongBeginsWithAGap() {
        RecordingReader first = reader();
        user("alice").heartbeats("room");
        first.reads("room: join alice 1 heartbeat");
        long position = first.position();
        first.close();
        advanceSeconds(61);
        user("bob").heartbeats("room");
        settle();

        RecordingReader second = new RecordingReader(engine.events(), position);
        assertThat(second.nextGap().missed()).isEqualTo(Gap.UNKNOWN);
        // Until the engine keeps events again.
        settle();
        user("carol").heartbeats("room");
        second.reads("room: join carol 3 heartbeat");
    }

    @Test
    void readers_readTheSame() {
        RecordingReader one = reader();
        RecordingReader two = reader();
        user("alice").heartbeats("room").leaves("room");

        one.reads("room: join alice 1 heartbeat", "room: leave alice 0 explicit");
        two.reads("room: join alice 1 heartbeat", "room: leave alice 0 explicit");
        assertThat(engine.events().readers()).isEqualTo(2);
        one.close();
        two.close();
        assertThat(engine.events().readers()).isZero();
    }

    @Test
    void renewals_areNotInIt() {
        RecordingReader reader = reader();
        RecordingClient alice = user("alice").heartbeats("room");
        reader.reads("room: join alice 1 heartbeat");
        for (int i = 0; i < 20; i++) {
            alice.heartbeats("room");
        }
        alice.subscribes("room");
        publish("room", "hi");

        nothingMoreFor(reader);
    }

    @Test
    void joins_andDeparturesAlternate() {
        RecordingReader reader = reader();
        RecordingClient alice = user("alice").asksFor(5);
        for (int i = 0; i < 5; i++) {
            alice.heartbeats("room").heartbeats("room");
            if (i % 2 == 0) {
                alice.leaves("room").leaves("room");
            } else {
                advanceMillis(5100);
            }
        }
        for (int i = 0; i < 5; i++) {
            reader.reads(
                    "room: join alice 1 heartbeat",
                    i % 2 == 0 ? "room: leave alice 0 explicit" : "room: timeout alice 0 timeout");
        }
        nothingMoreFor(reader);
    }

    @Test
    void position_fromNowOnIsAfterWhatWasThere() {
        assertThat(engine.events().readers()).isZero();
        RecordingReader reader = new RecordingReader(engine.events(), EventStream.FROM_NOW);
        settle();
        assertThat(reader.unread()).isEmpty();
    }
}

package dev.rollcall.engine.contract;

import static dev.rollcall.engine.contract.Settings.settings;
import static dev.rollcall.engine.contract.Sound.join;
import static dev.rollcall.engine.contract.Sound.leave;
import static dev.rollcall.engine.contract.Sound.stateChange;
import static dev.rollcall.engine.contract.Sound.timeout;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.protocol.SubscribeKey;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What presence events and active notices look like, and the numbers in them. */
abstract class EventsContract extends EngineSuite {
    @Test
    void join_hasTheDocumentedShape() {
        RecordingClient watcher = somebody().subscribes("room-pnpres", "other");
        user("alice").heartbeats("room");

        Heard event = watcher.hearsNext();

        assertThat(fields(event.envelope())).containsExactly("a", "f", "p", "k", "c", "u", "d", "b");
        assertThat(event.envelope().path("k").textValue()).isEqualTo("demo");
        assertThat(event.envelope().path("c").textValue()).isEqualTo("room-pnpres");
        assertThat(event.envelope().path("b").textValue()).isEqualTo("room-pnpres");
        assertThat(fields(event.payload()))
                .containsExactly("action", "uuid", "timestamp", "precise_timestamp", "occupancy");
        assertThat(fields(event.envelope().get("u")))
                .containsExactly(
                        "pn_action",
                        "pn_uuid",
                        "pn_timestamp",
                        "pn_precise_timestamp",
                        "pn_occupancy",
                        "pn_ispresence",
                        "pn_channel");
        assertThat(event.payload().path("precise_timestamp").longValue()).isEqualTo(epochMillis());
    }

    @Test
    void event_ofWildcardEscapesTheStarInItsMeta() {
        RecordingClient watcher = somebody().subscribes("team.*-pnpres");
        user("alice").heartbeats("team.*");

        Heard event = watcher.hearsNext();

        assertThat(event.envelope().path("c").textValue()).isEqualTo("team.*-pnpres");
        assertThat(event.envelope().path("u").path("pn_channel").textValue()).isEqualTo("team.%2A");
    }

    @Test
    void leaveAndTimeout_carryNoState() {
        RecordingClient watcher = watcherOf("room");
        user("alice").asksFor(5).carries("room", "{\"k\":1}").heartbeats("room");
        user("bob").carries("room", "{\"k\":2}").heartbeats("room").leaves("room");
        advanceMillis(5100);

        watcher.hears(
                join("alice", 1).with("{\"k\":1}"),
                join("bob", 2).with("{\"k\":2}"),
                leave("bob", 1),
                timeout("alice", 0));
    }

    @Test
    void occupancy_isTheOneAfterTheChange() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").heartbeats("room");
        RecordingClient bob = user("bob").heartbeats("room");
        user("carol").asksFor(3).heartbeats("room");
        bob.leaves("room");
        advanceMillis(3100);
        alice.leaves("room");

        watcher.hears(
                join("alice", 1),
                join("bob", 2),
                join("carol", 3),
                leave("bob", 2),
                timeout("carol", 1),
                leave("alice", 0));
        nothingMoreFor(watcher);
    }

    @Test
    void occupancy_inEventsAndHereNowIsTheSame() {
        RecordingClient watcher = watcherOf("room");
        for (int i = 1; i <= 20; i++) {
            user("user" + i).heartbeats("room");
            watcher.hears(join("user" + i, i));
            assertThat(occupancy("room")).isEqualTo(i);
        }
    }

    @Test
    void events_ofOneUserAlternate() {
        RecordingClient watcher = watcherOf("room");
        RecordingClient alice = user("alice").asksFor(4);
        alice.heartbeats("room")
                .heartbeats("room")
                .leaves("room")
                .leaves("room")
                .heartbeats("room");
        advanceMillis(4100);
        alice.leaves("room").heartbeats("room");

        watcher.hears(join("alice", 1), leave("alice", 0), join("alice", 1), timeout("alice", 0), join("alice", 1));
        nothingMoreFor(watcher);
    }

    @Test
    void events_haveStrictlyIncreasingTimetokens() {
        RecordingClient watcher = somebody().subscribes("one-pnpres", "two-pnpres");
        List<Long> timetokens = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            user("user" + i).heartbeats(i % 2 == 0 ? "one" : "two");
            timetokens.add(watcher.hearsNext().timetoken());
        }
        assertThat(timetokens).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void event_toldBeforeAnybodyListensIsLostAndNothingElse() {
        user("alice").heartbeats("room");
        RecordingClient watcher = watcherOf("room");
        user("bob").heartbeats("room");

        watcher.hears(join("bob", 2));
        nothingMoreFor(watcher);
    }

    @Test
    void event_whileTheWatcherIsBetweenPollsIsHeardLater() {
        RecordingClient watcher = watcherOf("room").pauses();
        user("alice").asksFor(5).heartbeats("room");
        advanceSeconds(10);

        watcher.resumes().hears(join("alice", 1), timeout("alice", 0));
    }

    @Test
    void activeNotices_tellFirstAndLastOccupant() {
        given(settings().activeNotices("notices"));
        RecordingClient listener = somebody().subscribes("notices");
        RecordingClient watcher = watcherOf("room");

        RecordingClient alice = user("alice").heartbeats("room");
        user("bob").asksFor(5).heartbeats("room");
        alice.leaves("room");
        advanceMillis(5100);

        checkNotice(listener.hearsNext(), "active");
        checkNotice(listener.hearsNext(), "inactive");
        nothingMoreFor(listener);
        watcher.hears(join("alice", 1), join("bob", 2), leave("alice", 1), timeout("bob", 0));
        nothingMoreFor(watcher);
    }

    private static void checkNotice(Heard notice, String status) {
        assertThat(notice.channel()).isEqualTo("notices");
        assertThat(fields(notice.payload())).containsExactly("channel", "status", "timestamp");
        assertThat(notice.payload().path("channel").textValue()).isEqualTo("room");
        assertThat(notice.payload().path("status").textValue()).isEqualTo(status);
        assertThat(notice.payload().path("timestamp").isIntegralNumber()).isTrue();
    }

    @Test
    void activeNotices_areNotGivenOfTheirOwnChannel() {
        given(settings().activeNotices("notices"));
        RecordingClient listener = user("alice").subscribes("notices");

        nothingMoreFor(listener);
    }

    @Test
    void keysets_hearNothingOfEachOther() {
        SubscribeKey other = new SubscribeKey("other");
        RecordingClient watcher = watcherOf("room");
        RecordingClient there = user(other, "alice").subscribes("room", "room-pnpres");

        publish(other, "room", "\"hi\"");

        there.hears(join("alice", 1), Sound.message("hi"));
        nothingMoreFor(watcher);
        assertThat(occupancy("room")).isZero();
        assertThat(whereNow("alice")).isEmpty();
        assertThat(whereNow(other, "alice")).containsExactly("room");
    }

    @Test
    void settings_areOfEachKeysetItsOwn() {
        SubscribeKey strict = new SubscribeKey("strict");
        given(strict, settings().presenceOff());
        RecordingClient alice = user(strict, "alice").subscribes("room", "room-pnpres");
        RecordingClient bob = user("bob").subscribes("room", "room-pnpres");

        bob.hears(join("bob", 1));
        nothingMoreFor(alice);
    }

    @Test
    void stateChange_carriesTheNewStateAndTheOccupancy() {
        RecordingClient watcher = watcherOf("room");
        user("bob").heartbeats("room");
        user("alice").heartbeats("room").setsState("{\"deep\":{\"list\":[1,\"two\"]}}", "room");

        watcher.hears(join("bob", 1), join("alice", 2), stateChange("alice", 2, "{\"deep\":{\"list\":[1,\"two\"]}}"));
    }

    private static List<String> fields(JsonNode object) {
        List<String> names = new ArrayList<>();
        for (Iterator<String> each = object.fieldNames(); each.hasNext(); ) {
            names.add(each.next());
        }
        return names;
    }
}

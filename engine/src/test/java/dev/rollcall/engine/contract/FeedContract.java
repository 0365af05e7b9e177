package dev.rollcall.engine.contract;

import static dev.rollcall.engine.contract.Settings.settings;
import static dev.rollcall.engine.contract.Sound.join;
import static dev.rollcall.engine.contract.Sound.json;
import static dev.rollcall.engine.contract.Sound.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages on their way to subscribers: what is delivered, in which envelope, how long it is kept. */
abstract class FeedContract extends EngineSuite {
    @Test
    void message_hasTheDocumentedShape() {
        RecordingClient alice = somebody().subscribes("room", "other");
        long timetoken = publish(
                KEY,
                "room",
                new Publication(
                        MessageType.MESSAGE,
                        utf8("{\"text\":\"grüß \uD83D\uDE00\"}"),
                        utf8("{\"lang\":\"de\"}"),
                        new UserId("bob"),
                        7,
                        "greeting"));

        Heard heard = alice.hearsNext();
        JsonNode envelope = heard.envelope();

        assertThat(heard.timetoken()).isEqualTo(timetoken);
        assertThat(envelope.path("i").textValue()).isEqualTo("bob");
        assertThat(envelope.path("s").intValue()).isEqualTo(7);
        assertThat(envelope.path("u").path("lang").textValue()).isEqualTo("de");
        assertThat(envelope.path("cmt").textValue()).isEqualTo("greeting");
        assertThat(envelope.path("d").path("text").textValue()).isEqualTo("grüß \uD83D\uDE00");
        assertThat(envelope.path("b").textValue()).isEqualTo("room");
        assertThat(envelope.has("e")).isFalse();
    }

    @Test
    void signal_isMarkedAsOne() {
        RecordingClient alice = somebody().subscribes("room");
        publish(KEY, "room", new Publication(MessageType.SIGNAL, utf8("1"), null, null, 0, null));

        JsonNode envelope = alice.hearsNext().envelope();

        assertThat(envelope.path("e").intValue()).isEqualTo(1);
        assertThat(envelope.has("i")).isFalse();
        assertThat(envelope.has("s")).isFalse();
        assertThat(envelope.has("u")).isFalse();
    }

    @Test
    void payload_isAnyJson() {
        RecordingClient alice = somebody().subscribes("room");
        List<String> payloads = List.of("null", "1.5e300", "[]", "\"\\u0000\"", "true", "{\"a\":[{}]}");
        for (String payload : payloads) {
            publishJson("room", payload);
        }
        for (String payload : payloads) {
            alice.hears(json(payload.startsWith("1") ? "1.5E300" : payload));
        }
    }

    @Test
    void match_isLeftOutForASingleOrdinaryChannelOnly() {
        addToGroup("g", "room");
        RecordingClient one = somebody().subscribes("room");
        RecordingClient presence = somebody().subscribes("room-pnpres");
        RecordingClient two = somebody().subscribes("room", "other");
        RecordingClient wildcard = somebody().subscribes("room.*");
        RecordingClient group = somebody().subscribesGroups("g");
        RecordingClient both = somebody().subscribes(List.of("room"), List.of("empty"));
        publish("room", "hi");
        publish("room.one", "ho");
        user("bob").heartbeats("room");

        one.hears(message("hi").unnamed());
        presence.hears(join("bob", 1).unnamed());
        two.hears(message("hi").through("room"));
        wildcard.hears(message("ho").through("room.*"));
        group.hears(message("hi").through("g"));
        both.hears(message("hi").through("room"));
    }

    @Test
    void names_repeatedInOneRequestCountOnce() {
        RecordingClient alice = somebody().subscribes("room", "other", "room");

        publish("room", "hi");

        alice.hears(message("hi").through("room"));
        nothingMoreFor(alice);
    }

    @Test
    void messages_ofManyChannelsComeInOrder() {
        RecordingClient alice =
                somebody().subscribes("a", "b", "c", "d", "e", "f").pauses();
        for (int i = 0; i < 60; i++) {
            publish(String.valueOf((char) ('a' + i * 7 % 6)), "m" + i);
        }

        alice.resumes();

        for (int i = 0; i < 60; i++) {
            alice.hears(message("m" + i));
        }
        nothingMoreFor(alice);
    }

    @Test
    void catchUp_deliversWhatCameBetweenPollsOnce() {
        RecordingClient alice = somebody().subscribes("room");
        publish("room", "one");
        alice.hears(message("one"));

        alice.pauses();
        publish("room", "two");
        advanceSeconds(60);
        publish("room", "three");
        alice.resumes();

        alice.hears(message("two"), message("three"));
        nothingMoreFor(alice);
    }

    @Test
    void catchUp_fromAnyPositionDeliversWhatIsAfterIt() {
        publish("room", "one");
        long second = publish("room", "two");
        publish("room", "three");

        somebody().resumesFrom(second, "room").hears(message("three"));
        somebody().resumesFrom(second - 1, "room").hears(message("two"), message("three"));
        somebody().resumesFrom(1, "room").hears(message("one"), message("two"), message("three"));
    }

    @Test
    void handshake_hearsNothingOfThePast() {
        publish("room", "past");

        RecordingClient alice = somebody().subscribes("room");

        nothingMoreFor(alice);
        assertThat(alice.lastAnswer().deliveries()).isEmpty();
        publish("room", "now");
        alice.hears(message("now"));
    }

    @Test
    void retention_isTheLastHundredMessages() {
        RecordingClient alice = somebody().subscribes("room").pauses();
        for (int i = 0; i < 130; i++) {
            publish("room", "m" + i);
        }

        alice.resumes();

        for (int i = 30; i < 130; i++) {
            alice.hears(message("m" + i));
        }
        nothingMoreFor(alice);
        assertThat(alice.gaps()).as("told that something is missing").isEqualTo(1);
    }

    @Test
    void gap_isNotToldToWhomNothingIsMissing() {
        RecordingClient alice = somebody().subscribes("room", "quiet").pauses();
        for (int i = 0; i < 90; i++) {
            publish("room", "m" + i);
        }
        alice.resumes();
        for (int i = 0; i < 90; i++) {
            alice.hears(message("m" + i).on("room"));
        }
        for (int i = 90; i < 250; i++) {
            publish("room", "m" + i);
            alice.hears(message("m" + i).on("room"));
        }
        RecordingClient bob = somebody().subscribes("room");
        publish("room", "last");
        bob.hears(message("last"));
        assertThat(alice.gaps()).isZero();
        assertThat(bob.gaps()).isZero();
    }

    @Test
    void retention_isOfEachChannelItsOwn() {
        RecordingClient alice = somebody().subscribes("quiet", "loud").pauses();
        publish("quiet", "kept");
        for (int i = 0; i < 200; i++) {
            publish("loud", "m" + i);
        }

        alice.resumes();

        alice.hears(message("kept").on("quiet"));
        alice.hears(message("m100").on("loud"));
    }

    @Test
    void retention_isTwentyMinutesAtMost() {
        RecordingClient alice = somebody().subscribes("room").pauses();
        publish("room", "oldest");
        jump(Duration.ofMinutes(5));
        publish("room", "old");
        jump(Duration.ofMinutes(5));
        publish("room", "young");
        jump(Duration.ofMinutes(14).plusSeconds(59));
        RecordingClient bob = somebody().resumesFrom(alice.cursor(), "room");
        bob.hears(message("old"), message("young"));

        jump(Duration.ofSeconds(2));
        alice.resumes();

        alice.hears(message("young"));
        nothingMoreFor(alice);
    }

    @Test
    void timetoken_isSeventeenDigitsAndFollowsTheClock() {
        long first = publish("room", "one");
        advanceSeconds(10);
        long second = publish("room", "two");

        assertThat(Long.toString(first)).hasSize(17);
        // An engine may use only some of the microseconds.
        assertThat(second - first).isCloseTo(100_000_000L, within(1000L));
        assertThat(second / 10_000).isEqualTo(epochMillis());
    }

    @Test
    void timetoken_isUniqueAndIncreasingOverChannels() {
        long last = Waiting.on(engine.timetoken());
        for (int i = 0; i < 1000; i++) {
            long timetoken = publish("room" + i % 17, "m");
            assertThat(timetoken).isGreaterThan(last);
            last = timetoken;
        }
        assertThat(Waiting.on(engine.timetoken())).isGreaterThanOrEqualTo(last);
    }

    @Test
    void filter_selectsMessages() {
        RecordingClient alice = somebody()
                .filters(one -> !new String(one.envelope().payload(), StandardCharsets.UTF_8).contains("spam"))
                .subscribes("room", "room-pnpres");

        publish("room", "spam");
        publish("room", "ham");
        user("spam").heartbeats("room");

        alice.hears(message("ham"), join("spam", 1));
        nothingMoreFor(alice);
    }

    @Test
    void filter_selectsPresenceWhereStreamFilteringIsOn() {
        given(settings().streamFiltering());
        RecordingClient alice = somebody()
                .filters(one ->
                        new String(one.envelope().meta(), StandardCharsets.UTF_8).contains("\"pn_uuid\":\"bob\""))
                .subscribes("room-pnpres");

        user("carol").heartbeats("room");
        user("bob").heartbeats("room");

        alice.hears(join("bob", 2));
        nothingMoreFor(alice);
    }
}

package dev.rollcall.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.Message;
import dev.rollcall.engine.events.Event;
import dev.rollcall.engine.kick.Ban;
import dev.rollcall.protocol.Arrival;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Departure;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands in streams: that nodes of version 0.2 and of this one understand each other. */
class FeedCodecTest {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final String TIMETOKEN = "17958067949204260";

    @Test
    void event_ofAnEarlierVersionHasNoCause() {
        String payload = payload("j:1:1772366400000:5:alice{\"k\":1}", true);

        assertThat(payload).contains("\"occupancy\":1", "\"data\":{\"k\":1}", "\"precise_timestamp\":1772366400000");
        assertThat(payload).doesNotContain("cause");
    }

    @ParameterizedTest
    @CsvSource({
        "j, 0, subscribe",
        "j, 00, heartbeat",
        "l, 0, explicit",
        "t, 00, timeout",
        "l, 000, disconnect",
        "l, 0000, kick",
        "l, 00000, revoked",
        "t, 0000000, restart"
    })
    void cause_isToldByZeros(String kind, String zeros, String cause) {
        String body = kind + ":2:" + zeros + "1772366400000:5:alice";

        assertThat(payload(body, true)).contains("\"precise_timestamp\":1772366400000", "\"cause\":\"" + cause + "\"");
        assertThat(payload(body, false)).contains("\"precise_timestamp\":1772366400000").doesNotContain("cause");
    }

    /** Version 0.2 read the digits between the second and the third colon as a decimal number, whatever zeros it began with. */
    @Test
    void cause_doesNotChangeTheTimeThatEarlierVersionsRead() {
        String body = "t:2:00000001772366400000:5:alice";

        assertThat(Long.parseLong(body.split(":")[2])).isEqualTo(1772366400000L);
    }

    @Test
    void cause_ofALaterVersionIsNotKnown() {
        assertThat(payload("l:2:00000000000" + "1772366400000:5:alice", true)).doesNotContain("cause");
    }

    @Test
    void loggedEvent_tellsItsKeysetAndChannel() {
        Event join = logged("j:1:001772366400000:5:alice{\"k\":1}");
        assertThat(join)
                .isEqualTo(new Event(
                        Long.parseLong(TIMETOKEN),
                        KEY,
                        new Channel("a:b"),
                        new PresenceEvent.Join(
                                new UserId("alice"), 1, State.ofJson("{\"k\":1}"), Arrival.HEARTBEAT)));
        assertThat(logged("l:0:0000001772366400000:5:alice").departure()).isEqualTo(Departure.RULE_CHANGED);
        assertThat(logged("i:7:1772366400000:0:").occupancy()).isEqualTo(7);
    }

    @Test
    void departure_isAtTheSamePlaceForScripts() {
        for (Departure cause : Departure.values()) {
            assertThat(FeedCodec.departure(FeedCodec.place(cause))).isEqualTo(cause);
        }
    }

    @Test
    void kick_isReadBackWhateverIsInIt() {
        Ban ban = new Ban(
                KEY, new UserId("a:b c ü🙂"), List.of(new Channel("x 1:2"), new Channel("ö")), 1000, 2000, "b 3: \"why\"");
        String name = KickCodec.name(KEY, ban.user(), true);

        String text = KickCodec.encode(ban, true);

        assertThat(KickCodec.decode(name, text)).isEqualTo(ban);
        assertThat(KickCodec.isBan(text)).isTrue();
        Ban bare = new Ban(KEY, ban.user(), List.of(), 1, 2, null);
        assertThat(KickCodec.decode(KickCodec.name(KEY, ban.user(), false), KickCodec.encode(bare, false)))
                .isEqualTo(bare);
        assertThat(KickCodec.isBan(KickCodec.encode(bare, false))).isFalse();
    }

    private static String payload(String body, boolean causes) {
        Message message = FeedCodec.decode(KEY, new Channel("room"), causes, bytes(TIMETOKEN + body));
        return new String(message.envelope().payload(), StandardCharsets.UTF_8);
    }

    private static Event logged(String body) {
        return FeedCodec.decodeLogged(bytes(TIMETOKEN + "8:demo:a:b" + body));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

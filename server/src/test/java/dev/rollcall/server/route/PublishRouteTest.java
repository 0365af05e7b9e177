package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.config.KeysetConfig;
import dev.rollcall.server.http.Response.Kind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishRouteTest extends RouteFixture {
    @Test
    void publish_answersAndDelivers() {
        FakeExchange poll = poll("/v2/subscribe/sub/room/0?uuid=w");
        FakeExchange sent = get("/publish/p/sub/0/room/0/%7B%22t%22%3A%22a%2Fb%22%7D?uuid=bob&meta={\"k\":1}&seqn=7"
                + "&custom_message_type=chat-msg&store=0");
        assertThat(sent.body()).matches("\\[1,\"Sent\",\"\\d{17}\"]");
        assertThat(sent.response().kind()).isEqualTo(Kind.FEED);
        assertThat(poll.body())
                .matches("\\{\"t\":\\{\"t\":\"\\d{17}\",\"r\":1},\"m\":\\[\\{\"a\":\"2\",\"f\":0,\"i\":\"bob\",\"s\":7,"
                        + "\"p\":\\{\"t\":\"\\d{17}\",\"r\":1},\"k\":\"sub\",\"c\":\"room\",\"u\":\\{\"k\":1},"
                        + "\"d\":\\{\"t\":\"a/b\"},\"cmt\":\"chat-msg\"}]}");
        assertThat(get("/publish/p/sub/0/room/cb/1").body()).matches("cb\\(\\[1,\"Sent\",\"\\d{17}\"]\\)");
    }

    @Test
    void publish_post() {
        FakeExchange poll = poll("/v2/subscribe/sub/room/0?uuid=w");
        assertThat(ask("POST", "/publish/p/sub/0/room/0", " {\"a\" : 1}\n").body())
                .contains("Sent");
        assertThat(poll.body()).contains("\"d\":{\"a\" : 1}}");
        FakeExchange next = poll("/v2/subscribe/sub/room/0?uuid=w");
        assertThat(ask("POST", "/v2/publish/p/sub/0/room/0", "\"large\"").body())
                .contains("Sent");
        assertThat(next.body()).contains("\"d\":\"large\"");
    }

    @Test
    void publish_firedIsNotDelivered() {
        FakeExchange poll = poll("/v2/subscribe/sub/room/0?uuid=w");
        assertThat(get("/publish/p/sub/0/room/0/1?store=0&norep=1").body()).contains("Sent");
        assertThat(get("/publish/p/sub/0/room/0/1?norep=true").body()).contains("Sent");
        assertThat(poll.isAnswered()).isFalse();
    }

    @Test
    void publish_refusalsAreArrays() {
        assertNotSent("/publish/p/sub/0/room/0/nojson", "Invalid JSON");
        assertNotSent("/publish/p/sub/0/room/0", "Invalid JSON");
        assertNotSent("/publish/p/sub/0/room/0/1%202", "Invalid JSON");
        assertNotSent("/publish/p/sub/0/room/0/null", "payload: null");
        assertNotSent("/publish/p/sub/0/room/0/1?meta=x", "meta: not JSON");
        assertNotSent("/publish/p/sub/0/room-pnpres/0/1", "channel: room-pnpres (expected: no presence channel)");
        assertNotSent(
                "/publish/p/sub/0/room.*/0/1", "Invalid Character in Channel Name: room.* (expected: no wildcard)");
        assertNotSent("/publish/p/sub/0/a,b/0/1", "Invalid Character in Channel Name: a,b (expected: no comma)");
        assertNotSent("/publish/p/sub/0/a%2Cb/0/1", "Invalid Character in Channel Name");
        assertNotSent("/signal/p/sub/0/a%2Cb/0/1", "Invalid Character in Channel Name");
        assertNotSent("/publish/p/sub/0/room.*-pnpres/0/1", "Invalid Character in Channel Name");
        assertNotSent("/publish/p/sub/0/r%FF/0/1", "not UTF-8: r%FF");
        assertNotSent("/publish/p/sub/0/room/0/1?uuid=%FF", "not UTF-8: %FF");
        assertNotSent("/publish/p/sub/0//0/1", "channel: empty");
        assertNotSent("/publish/p/sub/0/room/0/1?custom_message_type=a", "custom_message_type: a");
        assertNotSent("/publish/p!/sub/0/room/0/1", "Invalid Key");
        assertThat(ask("POST", "/publish/p/sub/0/room/0", "{\"a\":\"\\uD800\"}").status())
                .isEqualTo(200);
    }

    @Test
    void signal_isSmall() {
        FakeExchange poll = poll("/v2/subscribe/sub/room/0?uuid=w");
        assertThat(get("/signal/p/sub/0/room/0/\"typing\"?uuid=bob").body()).contains("Sent");
        assertThat(poll.body()).contains("\"e\":1,\"i\":\"bob\"").contains("\"d\":\"typing\"");
        assertNotSent("/signal/p/sub/0/room/0/\"" + "x".repeat(63) + "\"", "Signal size too large\"");
        assertThat(get("/signal/p/sub/0/room/0/\"" + "x".repeat(62) + "\"").status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "text-1_x", "pnx", "日本語", "X1_-"})
    void publish_customMessageTypes(String type) {
        String encoded = URLEncoder.encode(type, StandardCharsets.UTF_8);
        FakeExchange poll = poll("/v2/subscribe/sub/room/0?uuid=w");
        assertThat(get("/publish/p/sub/0/room/0/1?custom_message_type=" + encoded)
                        .body())
                .contains("Sent");
        assertThat(poll.body()).contains("\"cmt\":\"" + type + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "a b", "a.b.c", "ab!", "pn_typing", "pn-typing", "_x1", "-x1", "😀😀"})
    void publish_otherMessageTypesAreRefused(String type) {
        String encoded = URLEncoder.encode(type, StandardCharsets.UTF_8);
        for (String call : new String[] {"publish", "signal"}) {
            assertNotSent(
                    "/" + call + "/p/sub/0/room/0/1?custom_message_type=" + encoded, "custom_message_type: " + type);
        }
        assertThat(get("/publish/p/sub/0/room/0/1?custom_message_type=" + "x".repeat(50))
                        .status())
                .isEqualTo(200);
        assertThat(get("/publish/p/sub/0/room/0/1?custom_message_type=" + "x".repeat(51))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void publish_sizes() {
        String largest = '"' + "x".repeat(Limits.MESSAGE_BYTES - 2) + '"';
        assertThat(ask("POST", "/publish/p/sub/0/room/0", largest).status()).isEqualTo(200);
        assertTooLarge("/publish/p/sub/0/room/0", largest + ' ', "32769 bytes (expected: at most 32768, max-message)");
        assertTooLarge("/signal/p/sub/0/room/0", largest + ' ', "32769 bytes (expected: at most 32768");
        String large = '"' + "x".repeat(Limits.BODY_BYTES - 2) + '"';
        assertThat(ask("POST", "/v2/publish/p/sub/0/room/0", large).status()).isEqualTo(200);
        assertTooLarge("/v2/publish/p/sub/0/room/0", large + ' ', "2097153 bytes (expected: at most 2097152");
    }

    @Test
    void publish_sizeOfAKeyset() {
        start(
                new KeysetConfig(new SubscribeKey("sub"), "p", KeysetSettings.DEFAULT, null, 100),
                new KeysetConfig(new SubscribeKey("big"), "p", KeysetSettings.DEFAULT, null, 100_000));
        String message = '"' + "x".repeat(98) + '"';
        assertThat(ask("POST", "/publish/p/sub/0/room/0", message).status()).isEqualTo(200);
        assertTooLarge("/publish/p/sub/0/room/0", message + ' ', "101 bytes (expected: at most 100, max-message)");
        assertTooLarge("/v2/publish/p/sub/0/room/0", message + ' ', "101 bytes (expected: at most 100, max-message)");
        assertTooLarge("/publish/p/sub/0/room/0/\"" + "x".repeat(99) + "\"", "", "101 bytes");
        String larger = '"' + "x".repeat(99_998) + '"';
        assertThat(ask("POST", "/publish/p/big/0/room/0", larger).status()).isEqualTo(200);
        assertTooLarge("/v2/publish/p/big/0/room/0", larger + ' ', "100001 bytes");
    }

    private void assertTooLarge(String target, String body, String why) {
        FakeExchange exchange = ask(body.isEmpty() ? "GET" : "POST", target, body);
        assertThat(exchange.status()).isEqualTo(413);
        assertThat(exchange.body()).startsWith("[0,\"Message Too Large: " + why).matches(".*\",\"\\d{17}\"]");
    }
}

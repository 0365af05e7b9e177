package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are small to send and would be large to serve. */
class BombTest extends RouteFixture {
    private static final int MANY = 100_000;

    private static String keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"" + i + "\":0").collect(Collectors.joining(",", "{", "}"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private int state(String json) {
        return get(PRESENCE + "/channel/a/uuid/u/data?state=" + encoded(json)).status();
    }

    private int publish(String json) {
        return ask("POST", "/v2/publish/pub/sub/0/a/0", json).status();
    }

    @Test
    void state_bombsAreRefused() {
        assertThat(state("{\"a\":" + "[".repeat(MANY) + "]".repeat(MANY) + "}")).isEqualTo(400);
        assertThat(state("{\"a\":".repeat(MANY) + "1" + "}".repeat(MANY))).isEqualTo(400);
        assertThat(state(keys(MANY))).isEqualTo(400);
        assertThat(state("{\"a\":" + "9".repeat(MANY) + "}")).isEqualTo(400);
        assertThat(state("{\"a\":\"" + "\\u0000".repeat(MANY) + "\"}")).isEqualTo(400);
    }

    @Test
    void state_hugeNumbersAreKeptAsText() {
        String json = "{\"a\":1e999999999,\"b\":-1e-999999999}";
        assertThat(state(json)).isEqualTo(200);
        assertThat(get(PRESENCE + "/channel/a/uuid/u").body()).contains(json);
    }

    @Test
    void publish_bombsAreRefused() {
        assertThat(publish("[".repeat(MANY) + "]".repeat(MANY))).isEqualTo(400);
        assertThat(publish("[".repeat(MANY))).isEqualTo(400);
        assertThat(publish("\"\ud800\"".repeat(2))).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data.n == 1e999999999",
                "data.n == 9999999999999999999999999999999999999999",
                "data.n % 0 == 1e-999999999",
                "data.s like \"*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b\"",
            })
    void filter_hugeNumbersAndPatternsAreDecided(String filter) {
        FakeExchange poll = poll("/v2/subscribe/sub/a/0?uuid=u&filter-expr=" + encoded(filter));
        for (String payload :
                new String[] {"{\"n\":1e999999999}", "1e999999999", "{\"s\":\"" + "a".repeat(10_000) + "\"}"}) {
            assertThat(publish(payload)).isEqualTo(200);
        }
        assertThat(publish("{}")).isEqualTo(200);
        assertThat(poll.isAnswered() && poll.status() != 200).isFalse();
    }

    @Test
    void filter_nestingIsRefused() {
        String filter = "(".repeat(10_000) + "a" + ")".repeat(10_000);
        assertThat(get("/v2/subscribe/sub/a/0?uuid=u&filter-expr=" + encoded(filter))
                        .status())
                .isEqualTo(400);
        assertThat(get("/v2/subscribe/sub/a/0?uuid=u&filter-expr=" + "!".repeat(10_000) + "a")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void path_overlongDotsAreNotDots() {
        // the bytes of an overlong dot are no character; a route is never found by them
        assertThat(get("/v2/%C0%AE%C0%AE/presence/sub-key/sub/uuid/u").status()).isEqualTo(404);
        assertThat(get("/v2/%2e%2e/v2/presence/sub-key/sub/uuid/u").status()).isEqualTo(404);
    }

    @Test
    void path_manySegmentsAndNamesAreRefused() {
        assertThat(get("/".repeat(30_000)).status()).isEqualTo(404);
        String names = IntStream.range(0, 2001).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        assertThat(get(PRESENCE + "/channel/" + names + "/heartbeat?uuid=u").status())
                .isEqualTo(400);
    }

    @Test
    void query_manyParametersCostLittle() {
        String many = IntStream.range(0, 8000).mapToObj(i -> "%61=" + i).collect(Collectors.joining("&"));
        assertThat(get(PRESENCE + "/channel/a/heartbeat?" + many + "&uuid=u").status())
                .isEqualTo(200);
    }
}

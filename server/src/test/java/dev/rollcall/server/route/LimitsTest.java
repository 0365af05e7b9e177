package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.server.limit.AnswerLimits;
import dev.rollcall.server.limit.ClientLimitsConfig;
import dev.rollcall.server.limit.Limit;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LimitsTest extends RouteFixture {
    private static final String POLL = "/v2/subscribe/sub/a/0?uuid=u";

    private static void assertTooMany(FakeExchange refused, String text) {
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.body())
                .isEqualTo("{\"status\":429,\"error\":true,\"message\":\"Too Many Requests, " + text
                        + "\",\"service\":\"Balancer\"}");
        assertThat(refused.response().headers()).containsEntry("Retry-After", "1");
    }

    @Test
    void request_overTheRateOfItsAddressIsRefusedOnEveryPath() {
        limits.replace(new ClientLimitsConfig(1, 0, 0, 0, 0, 2000));
        for (int i = 0; i < 5; i++) {
            assertThat(get("/time/0").status()).isEqualTo(200);
        }
        for (String target : new String[] {"/time/0", POLL, PRESENCE + "/channel/a", "/no/such/path"}) {
            assertTooMany(get(target), "requests-per-address: 1 requests a second");
        }
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(get("/time/0").status()).isEqualTo(200);
    }

    @Test
    void request_overTheRateOfItsKeysetIsRefused() {
        limits.replace(new ClientLimitsConfig(0, 1, 0, 0, 0, 2000));
        for (int i = 0; i < 5; i++) {
            get(PRESENCE + "/channel/a");
        }
        assertTooMany(get(PRESENCE + "/channel/a"), "requests-per-key: 1 requests a second");
        assertTooMany(get(GROUPS + "/channel-group/g"), "requests-per-key: 1 requests a second");
        assertThat(get("/v2/presence/sub-key/other/channel/a").status()).isEqualTo(200);
        assertThat(get("/time/0").status()).isEqualTo(200);
    }

    @Test
    void poll_overTheLimitIsRefusedUntilOneIsAnsweredOrGone() {
        limits.replace(new ClientLimitsConfig(0, 0, 2, 0, 0, 2000));
        FakeExchange first = poll(POLL);
        FakeExchange second = poll("/v2/subscribe/sub/b/0?uuid=u");
        String third = "/v2/subscribe/sub/c/0?uuid=u&tt=1";
        assertTooMany(get(third), "max-polls-per-address: 2 waiting polls");

        first.disconnect();
        FakeExchange taken = get(third);
        assertThat(taken.isAnswered()).isFalse();
        assertTooMany(get(third), "max-polls-per-address: 2 waiting polls");

        get("/publish/pub/sub/0/b/0/1");
        assertThat(second.status()).isEqualTo(200);
        assertThat(get(third).isAnswered()).isFalse();
        assertThat(reached).containsExactly(Limit.MAX_POLLS_PER_ADDRESS, Limit.MAX_POLLS_PER_ADDRESS);
    }

    @Test
    void poll_refusedByTheEngineHoldsNoPlace() {
        limits.replace(new ClientLimitsConfig(0, 0, 0, 1, 0, 2000));
        for (int i = 0; i < 3; i++) {
            assertThat(get(POLL + "&filter-expr=((").status()).isEqualTo(400);
        }
        poll(POLL);
    }

    @Test
    void request_thatNamesTooManyChannelsIsRefused() {
        limits.replace(new ClientLimitsConfig(0, 0, 0, 0, 0, 2));
        assertThat(get(PRESENCE + "/channel/a,b/heartbeat?uuid=u").status()).isEqualTo(200);
        assertError(
                PRESENCE + "/channel/a,b/heartbeat?uuid=u&channel-group=g",
                400,
                "Presence",
                "max-channels-per-request: 3 channels and channel groups (expected: at most 2)");
        assertThat(reached).containsExactly(Limit.MAX_CHANNELS_PER_REQUEST);
    }

    @Test
    void request_whoseGroupsHaveTooManyChannelsIsRefused() {
        limits.replace(answers(5, 100, 8000));
        for (int g = 0; g < 40; g++) {
            get(GROUPS + "/channel-group/g" + g + "?add=a" + g + ",b" + g);
        }
        String all = IntStream.range(0, 40).mapToObj(g -> "g" + g).collect(Collectors.joining(","));
        for (String[] call : new String[][] {
            {PRESENCE + "/channel/,/heartbeat?uuid=u&channel-group=", "Presence"},
            {PRESENCE + "/channel/,/leave?uuid=u&channel-group=", "Presence"},
            {PRESENCE + "/channel/,?channel-group=", "Presence"},
            {PRESENCE + "/channel/,/uuid/u?channel-group=", "Presence"},
            {PRESENCE + "/channel/,/uuid/u/data?state={}&channel-group=", "Presence"},
            {"/v2/subscribe/sub/,/0?uuid=u&channel-group=", "Subscribe"}
        }) {
            assertThat(get(call[0] + "g0,g1").status()).as(call[0]).isEqualTo(200);
            assertThat(get(call[0] + "g0,none,g1").status()).as(call[0]).isEqualTo(200);
            for (String groups : new String[] {"g0,g1,g2", all, "none,g0,g1-pnpres,g2,g3"}) {
                if (!groups.contains("pnpres") || call[1].equals("Subscribe")) {
                    assertError(
                            call[0] + groups,
                            400,
                            call[1],
                            "max-expanded-channels: more than 5 channels in the groups");
                }
            }
        }
        assertThat(reached).contains(Limit.MAX_EXPANDED_CHANNELS).doesNotContain(Limit.MAX_ANSWER_BYTES);
        limits.replace(ClientLimitsConfig.NONE);
        assertThat(get(PRESENCE + "/channel/,/heartbeat?uuid=u&channel-group=" + all)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void hereNow_thatListsTooManyIsRefused() {
        limits.replace(answers(2000, 4, 8000));
        for (int u = 0; u < 3; u++) {
            get(PRESENCE + "/channel/a,b/heartbeat?uuid=u" + u);
        }
        String refused = "max-listed-occupants: 6 occupants in one answer (expected: at most 4)";
        assertError(PRESENCE + "/channel/a,b", 400, "Presence", refused);
        assertError(PRESENCE + "/channel/a,b?state=1", 400, "Presence", refused);
        assertError(PRESENCE, 400, "Presence", refused);
        for (String within : new String[] {
            "/channel/a",
            "/channel/a,b?limit=2",
            "/channel/a,b?offset=1",
            "/channel/a,b?disable_uuids=1",
            "?limit=2",
            "?disable_uuids=1",
            "/channel/a,b?limit=0"
        }) {
            FakeExchange exchange = get(PRESENCE + within);
            assertThat(exchange.status()).as(within).isEqualTo(200);
            assertThat(exchange.body()).contains("occupancy\":" + (within.startsWith("/channel/a,b") ? 6 : 3));
        }
    }

    @Test
    void answer_thatIsTooLargeIsRefused() {
        limits.replace(answers(2000, 100_000, 1024));
        String state = "{\"s\":\"" + "x".repeat(400) + "\"}";
        for (int u = 0; u < 3; u++) {
            assertThat(get(PRESENCE + "/channel/a/heartbeat?uuid=u" + u).status())
                    .isEqualTo(200);
            assertThat(get(PRESENCE + "/channel/a/uuid/u" + u + "/data?state=" + state)
                            .status())
                    .isEqualTo(200);
        }
        String refused = "max-answer-bytes: an answer of more than 1024 bytes (expected: at most 1024)";
        assertError(PRESENCE + "/channel/a?state=1", 400, "Presence", refused);
        assertError(PRESENCE + "/channel/a,b?state=1", 400, "Presence", refused);
        assertError(PRESENCE + "?state=1", 400, "Presence", refused);
        assertThat(get(PRESENCE + "/channel/a").status()).isEqualTo(200);
        assertThat(get(PRESENCE + "/channel/a?state=1&limit=2").status()).isEqualTo(200);
        String names =
                IntStream.range(0, 30).mapToObj(i -> "c" + i + "x".repeat(40)).collect(Collectors.joining(","));
        get(PRESENCE + "/channel/" + names + "/heartbeat?uuid=far");
        assertError(PRESENCE + "/uuid/far", 400, "Presence", refused);
        get(GROUPS + "/channel-group/g?add=" + names);
        assertError(GROUPS + "/channel-group/g", 400, "channel-registry", refused);
        assertThat(reached).containsOnly(Limit.MAX_ANSWER_BYTES);
    }

    @Test
    void state_ofTooManyChannelsIsRefused() {
        limits.replace(answers(2000, 100_000, 2048));
        String state = "{\"s\":\"" + "x".repeat(600) + "\"}";
        assertThat(get(PRESENCE + "/channel/a,b,c/uuid/u/data?state=" + state).status())
                .isEqualTo(200);
        String refused = "max-answer-bytes: 608 bytes of state in 4 channels or more (expected: at most 2048)";
        assertError(PRESENCE + "/channel/a,b,c,d/uuid/u/data?state=" + state, 400, "Presence", refused);
        get(GROUPS + "/channel-group/g?add=a,b,c,d");
        assertError(PRESENCE + "/channel/,/uuid/u/data?channel-group=g&state=" + state, 400, "Presence", refused);
        String map = "&channel-group=g&state={\"g\":" + state + "}";
        assertError(PRESENCE + "/channel/,/heartbeat?uuid=u" + map, 400, "Presence", refused);
        assertError("/v2/subscribe/sub/,/0?uuid=u" + map, 400, "Subscribe", refused);
        assertThat(get(PRESENCE + "/channel/a,b,c,d/heartbeat?uuid=u&state={\"a\":" + state + "}")
                        .status())
                .isEqualTo(200);
    }

    private static ClientLimitsConfig answers(int channels, int occupants, int bytes) {
        return new ClientLimitsConfig(0, 0, 0, 0, 0, 2000, new AnswerLimits(channels, occupants, bytes));
    }
}

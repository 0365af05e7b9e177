package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.server.limit.ClientLimitsConfig;
import dev.rollcall.server.limit.Limit;
import java.util.concurrent.TimeUnit;
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
                "channels and channel groups: 3 (expected: at most 2)");
        assertThat(reached).containsExactly(Limit.MAX_CHANNELS_PER_REQUEST);
    }
}

package dev.rollcall.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Close to the overflow, where a comparison of the values themselves would go wrong. */
    private static final long NOW = Long.MAX_VALUE - SECOND;

    private static int takeAll(RateLimiter limiter, long key, long now) {
        int taken = 0;
        while (limiter.take(key, now) == 0) {
            taken++;
        }
        return taken;
    }

    @Test
    void take_allowsBurstAndThenTheRate() {
        RateLimiter limiter = new RateLimiter(10, NOW);
        assertThat(takeAll(limiter, 1, NOW)).isEqualTo(10 * RateLimiter.BURST_SECONDS);
        assertThat(limiter.take(1, NOW)).isEqualTo(SECOND / 10);
        assertThat(limiter.take(1, NOW + SECOND / 10 - 1)).isEqualTo(1);
        assertThat(limiter.take(1, NOW + SECOND / 10)).isZero();
        assertThat(takeAll(limiter, 1, NOW + 2 * SECOND)).isEqualTo(19);
        assertThat(takeAll(limiter, 1, NOW + 3600 * SECOND)).isEqualTo(10 * RateLimiter.BURST_SECONDS);
    }

    @Test
    void take_keysDoNotShareABucket() {
        RateLimiter limiter = new RateLimiter(1, NOW);
        takeAll(limiter, 1, NOW);
        assertThat(limiter.take(2, NOW)).isZero();
        assertThat(limiter.take(0, NOW)).isZero();
        assertThat(limiter.take(1, NOW)).isPositive();
    }

    @Test
    void take_sprayedKeysDoNotFreeWhoIsOverHisRate() {
        RateLimiter limiter = new RateLimiter(1, NOW, 4);
        takeAll(limiter, -1, NOW);
        for (long key = 1; key <= 100_000; key++) {
            limiter.take(key, NOW);
        }
        assertThat(limiter.take(-1, NOW)).isPositive();
    }

    @Test
    void take_highestRateDoesNotOverflow() {
        RateLimiter limiter = new RateLimiter(Integer.MAX_VALUE, NOW);
        assertThat(limiter.take(1, NOW)).isZero();
        assertThat(limiter.take(1, NOW)).isZero();
    }
}

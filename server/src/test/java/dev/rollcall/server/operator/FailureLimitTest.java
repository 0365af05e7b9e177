package dev.rollcall.server.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailureLimitTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1));
    private final FailureLimit limit = new FailureLimit(nanos::get);

    private static InetAddress address(int number) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 0, (byte) (number >> 8), (byte) number});
    }

    @Test
    void afterFiveFailures_theAddressWaitsForTheEndOfTheMinute() throws Exception {
        for (int failure = 0; failure < FailureLimit.MOST; failure++) {
            assertThat(limit.waitSeconds(address(1))).isZero();
            limit.failed(address(1));
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        }
        assertThat(limit.waitSeconds(address(1))).isBetween(50, 51);
        assertThat(limit.waitSeconds(address(2))).isZero();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(50));
        assertThat(limit.waitSeconds(address(1))).isZero();
        limit.failed(address(1));
        assertThat(limit.waitSeconds(address(1))).isZero();
    }

    @Test
    void whoNeverFails_isNotRemembered_andManyWhoDoAreForgotten() throws Exception {
        for (int i = 0; i < 5; i++) {
            limit.failed(address(0));
        }
        for (int other = 1; other < 1024; other++) {
            limit.failed(address(other));
        }
        assertThat(limit.waitSeconds(address(0))).isPositive();
        limit.failed(address(1024));
        assertThat(limit.waitSeconds(address(0))).isZero();
    }
}

package dev.rollcall.server.http;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadingPaceTest {
    private static final long TIMEOUT = SECONDS.toNanos(30);

    /** Shortly before the clock overflows, as it may. */
    private long now = Long.MAX_VALUE - SECONDS.toNanos(10);

    private final ReadingPace pace = new ReadingPace(TIMEOUT, now);

    private void elapse(long seconds) {
        now += SECONDS.toNanos(seconds);
    }

    @Test
    void nothingTaken_isOverAfterTheTimeout() {
        elapse(29);
        assertThat(pace.isOver(now)).isFalse();
        elapse(1);
        assertThat(pace.isOver(now)).isTrue();
    }

    @Test
    void steadyReader_isNeverOver() {
        for (int second = 0; second < 10_000; second++) {
            elapse(1);
            pace.took(ReadingPace.FLOOR_BYTES, now);
            assertThat(pace.isOver(now)).isFalse();
        }
    }

    @Test
    void readerInBursts_isNeverOver() {
        for (int round = 0; round < 1000; round++) {
            elapse(25);
            assertThat(pace.isOver(now)).isFalse();
            pace.took(25L * ReadingPace.FLOOR_BYTES, now);
        }
    }

    @Test
    void drippingReader_isOverInTheEnd() {
        int second = 0;
        while (!pace.isOver(now)) {
            now += MILLISECONDS.toNanos(1000);
            pace.took(100, now);
            second++;
        }
        assertThat(second).isBetween(30, 32);
    }

    @Test
    void muchAtOnce_buysNoMoreThanTheTimeout() {
        pace.took(1_000_000_000, now);
        elapse(30);
        assertThat(pace.isOver(now)).isTrue();
    }
}

package dev.rollcall.client.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SleepDetectorTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long START = Long.MAX_VALUE - SECOND;

    private final SleepDetector detector =
            new SleepDetector(Duration.ofSeconds(5), Duration.ofSeconds(10), START, 1_000_000);

    @Test
    void slept_regularLooksAreNoSleep() {
        assertThat(detector.slept(START + 5 * SECOND, 1_005_000)).isFalse();
        assertThat(detector.slept(START + 10 * SECOND, 1_010_000)).isFalse();
    }

    @Test
    void slept_busyMachineIsNoSleep() {
        assertThat(detector.slept(START + 14 * SECOND, 1_014_000)).isFalse();
    }

    @Test
    void slept_wallClockThatWentOnAloneIsSleep() {
        assertThat(detector.slept(START + 5 * SECOND, 1_605_000)).isTrue();
        assertThat(detector.slept(START + 10 * SECOND, 1_610_000)).isFalse();
    }

    @Test
    void slept_bothClocksFarAheadIsSleep() {
        assertThat(detector.slept(START + 600 * SECOND, 1_600_000)).isTrue();
    }

    @Test
    void slept_wallClockSetBackIsNoSleep() {
        assertThat(detector.slept(START + 5 * SECOND, 400_000)).isFalse();
        assertThat(detector.slept(START + 10 * SECOND, 405_000)).isFalse();
    }
}

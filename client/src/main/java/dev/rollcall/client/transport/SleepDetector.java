package dev.rollcall.client.transport;

import java.time.Duration;

/**
 * Tells that the machine slept: its wall clock went on while the clock that timers go by stood still, or both went on while nobody
 * was there to look. NOT thread-safe; one scheduler thread looks.
 */
final class SleepDetector {
    private final long toleranceNanos;
    private final long periodNanos;
    private long lastNanos;
    private long lastEpochMillis;

    /**
     * Starts at a first reading of both clocks.
     *
     * @param period how often {@link #slept} is going to be asked
     * @param tolerance how much later than that, by either clock, is still taken for a busy machine
     */
    SleepDetector(Duration period, Duration tolerance, long nanoTime, long epochMillis) {
        this.periodNanos = period.toNanos();
        this.toleranceNanos = tolerance.toNanos();
        this.lastNanos = nanoTime;
        this.lastEpochMillis = epochMillis;
    }

    /** Returns whether more time went by since the last look than the period and the tolerance explain. */
    boolean slept(long nanoTime, long epochMillis) {
        long byTimer = nanoTime - lastNanos;
        long byWall = Duration.ofMillis(epochMillis - lastEpochMillis).toNanos();
        lastNanos = nanoTime;
        lastEpochMillis = epochMillis;
        return Math.max(byTimer, byWall) > periodNanos + toleranceNanos;
    }
}

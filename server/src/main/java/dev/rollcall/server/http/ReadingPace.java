package dev.rollcall.server.http;

import java.util.concurrent.TimeUnit;

/**
 * For how long a client that is behind is waited for. It has the write timeout at first. What it takes gives it more time, at a rate of
 * {@link #FLOOR_BYTES} a second but never more than the write timeout from now on, so that whoever reads steadily is never cut and whoever
 * lets an answer drip is. Event loop only.
 */
final class ReadingPace {
    /** The bytes a second below which a client that is behind is dropped in the end. */
    static final int FLOOR_BYTES = 4096;

    private static final long NANOS_PER_BYTE = TimeUnit.SECONDS.toNanos(1) / FLOOR_BYTES;

    private final long timeoutNanos;
    private long deadline;

    ReadingPace(long timeoutNanos, long nowNanos) {
        this.timeoutNanos = timeoutNanos;
        deadline = nowNanos + timeoutNanos;
    }

    /** Takes down that the client has taken so many bytes more. */
    void took(long bytes, long nowNanos) {
        if (bytes > 0) {
            long left = deadline - nowNanos + bytes * NANOS_PER_BYTE;
            deadline = nowNanos + Math.min(left, timeoutNanos);
        }
    }

    /** Returns whether the client has had its time. */
    boolean isOver(long nowNanos) {
        return nowNanos - deadline >= 0;
    }
}

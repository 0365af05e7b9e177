package dev.rollcall.client.transport;

import java.time.Duration;

/** Durations as numbers of nanoseconds, however long they are. */
final class Nanos {
    /** A century: longer than any process, short enough to be added to a clock reading. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Nanos() {}

    /** Returns the nanoseconds of {@code duration}, from none to a century. */
    static long of(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return (duration.compareTo(LONGEST) > 0 ? LONGEST : duration).toNanos();
    }
}

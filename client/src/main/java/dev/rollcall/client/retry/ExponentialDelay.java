package dev.rollcall.client.retry;

import java.time.Duration;

/** A delay that doubles with every attempt, up to a limit. */
record ExponentialDelay(Duration first, Duration limit) implements Delay {
    /** The longest that is calculated with: some three hundred years. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    ExponentialDelay {
        if (first.isNegative() || first.isZero()) {
            throw new IllegalArgumentException("first: " + first + " (expected: > 0)");
        }
        if (limit.compareTo(first) < 0) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: >= first " + first + ")");
        }
    }

    @Override
    public Duration before(int attempt) {
        long limitNanos = nanos(limit);
        long nanos = nanos(first);
        for (int i = 0; i < attempt && nanos < limitNanos; i++) {
            // Halving the limit instead of doubling the delay: no overflow.
            nanos = nanos > limitNanos / 2 ? limitNanos : nanos * 2;
        }
        return Duration.ofNanos(nanos);
    }

    private static long nanos(Duration duration) {
        return (duration.compareTo(LONGEST) > 0 ? LONGEST : duration).toNanos();
    }
}

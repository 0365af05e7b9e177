package dev.rollcall.server.emulator.fault;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often a fault happens.
 *
 * @param times the most requests it meets, {@link #ALWAYS} for any number
 * @param after how many requests that match pass it first
 * @param length how long it lasts, by the clock of the server, or null for until it is taken away
 * @param probability how many of those that match meet it, from 0, none, to 1, all
 * @param seed what chance begins with, or null for something else in each run
 */
public record FaultBounds(
        int times,
        int after,
        @Nullable Duration length,
        double probability,
        @Nullable Long seed) {
    /** Any number of times. */
    public static final int ALWAYS = Integer.MAX_VALUE;

    /** Whenever something matches. */
    public static final FaultBounds NONE = new FaultBounds(ALWAYS, 0, null, 1, null);

    private static final Duration LONGEST = Duration.ofDays(365);

    /** Checks the numbers. */
    public FaultBounds {
        if (times < 1) {
            throw new IllegalArgumentException("times: " + times + " (expected: 1 or more)");
        }
        if (after < 0) {
            throw new IllegalArgumentException("after: " + after + " (expected: 0 or more)");
        }
        if (length != null && (length.isNegative() || length.isZero() || length.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException("for: " + length + " (expected: more than 0, at most 365 days)");
        }
        // Written so that what is no number is refused.
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability: " + probability + " (expected: 0..1)");
        }
    }
}

package dev.rollcall.server.access.pattern;

/** What may still be spent on the patterns of one request. Clients choose the names, so the work that names make has a bound. */
@FunctionalInterface
public interface Effort {
    /** No bound, for work that nobody outside can repeat at will. */
    Effort UNBOUNDED = steps -> true;

    /** Takes {@code steps} off, a step being about a nanosecond; returns false when there is not as much left. */
    boolean spend(long steps);
}

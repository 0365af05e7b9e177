package dev.rollcall.engine;

/** The two clocks an engine reads. Safe from any thread. */
public interface EngineTime {
    /** Returns the milliseconds since the Unix epoch; may jump when the machine's clock is set. Timetokens are made of it. */
    long epochMillis();

    /** Returns milliseconds from an arbitrary origin that never go backwards. Leases and holds are measured with it. */
    long monotonicMillis();

    /**
     * Returns the monotonic millisecond up to which timers may run: one that has passed for certain, so that what began in the middle of
     * a millisecond does not end before its time.
     */
    default long elapsedMillis() {
        return monotonicMillis();
    }

    /** Returns the clocks of the machine. */
    static EngineTime system() {
        return SystemTime.INSTANCE;
    }
}

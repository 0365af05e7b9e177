package dev.rollcall.engine;

/** The two clocks an engine reads. Safe from any thread. */
public interface EngineTime {
    /** Returns the milliseconds since the Unix epoch; may jump when the machine's clock is set. Timetokens are made of it. */
    long epochMillis();

    /** Returns milliseconds from an arbitrary origin that never go backwards. Leases and holds are measured with it. */
    long monotonicMillis();

    /** Returns the clocks of the machine. */
    static EngineTime system() {
        return SystemTime.INSTANCE;
    }
}

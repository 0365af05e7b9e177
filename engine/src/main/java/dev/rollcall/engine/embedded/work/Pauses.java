package dev.rollcall.engine.embedded.work;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The pauses of a walk through all that an engine holds: nobody waits for it but whoever asked, and everybody else for the processor that
 * it takes. For one thread, which must not be one that serves others.
 */
public final class Pauses {
    /** So many things take one or two tenths of a millisecond to look at: less than anybody notices who wants the processor. */
    private static final int AT_ONCE = 1024;

    private static final long NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private int looked;

    /** Takes down that so many things were looked at, and pauses if it is time for that. No lock may be held. */
    public void worked(int things) {
        looked += things;
        if (looked >= AT_ONCE) {
            looked = 0;
            LockSupport.parkNanos(NANOS);
        }
    }
}

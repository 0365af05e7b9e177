package dev.rollcall.engine.embedded.work;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The pauses of a walk through all that an engine holds: nobody waits for it but whoever asked, and everybody else for the processor that
 * it takes. For one thread, which must not be one that serves others.
 */
public final class Pauses {
    /** A slice takes tens of microseconds, so this many are about as long as a pause. */
    private static final int SLICES = 16;

    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private int slices;

    /** Takes down that a slice is done, and pauses if it is time for that. No lock may be held. */
    public void worked() {
        if (++slices == SLICES) {
            slices = 0;
            LockSupport.parkNanos(NANOS);
        }
    }
}

package dev.rollcall.bench.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits of the thread that runs a bench. */
public final class Until {
    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private Until() {}

    /** Waits until something holds, at most for {@code patience}, and returns whether it does. */
    public static boolean holds(BooleanSupplier condition, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }

    /** Lets time pass. */
    public static void passed(Duration time) {
        reached(System.nanoTime() + time.toNanos());
    }

    /** Waits for a moment of {@link System#nanoTime}. */
    public static void reached(long nanos) {
        long left = nanos - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = nanos - System.nanoTime();
        }
    }
}

package dev.rollcall.engine.embedded.work;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.engine.embedded.lock.RankedLock;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the exceptions and errors of listeners, filters and defects: whatever was to be done beside goes on, the failure is
 * counted and logged, a line a second at most. Only what no process should outlive is thrown on, after everything is in order.
 */
public final class Failures {
    private static final Logger log = LoggerFactory.getLogger(Failures.class);
    private static final long LOG_MILLIS = 1000;

    private final EngineListener listener;
    private final EngineTime time;
    private final AtomicLong nextLine;
    private final AtomicLong unlogged = new AtomicLong();

    public Failures(EngineListener listener, EngineTime time) {
        this.listener = listener;
        this.time = time;
        nextLine = new AtomicLong(time.monotonicMillis());
    }

    /** Counts and logs. No lock may be held. */
    @SuppressWarnings("ReferenceEquality") // the very same cannot be suppressed by itself
    public void caught(String what, Throwable failure) {
        assert RankedLock.isNoneHeld();
        try {
            listener.onFailure(failure);
        } catch (Throwable ofListener) {
            // Whoever counts failures fails: nobody is left to tell but the log.
            if (ofListener != failure) {
                failure.addSuppressed(ofListener);
            }
        }
        long now = time.monotonicMillis();
        long next = nextLine.get();
        if (now - next >= 0 && nextLine.compareAndSet(next, now + LOG_MILLIS)) {
            log.error("{} failed unlogged={}", what, unlogged.getAndSet(0), failure);
        } else {
            unlogged.incrementAndGet();
        }
    }

    /** Returns {@code failure} if the process must not go on with it, else null. */
    public static @Nullable Error fatal(Throwable failure) {
        return failure instanceof Error error && FatalErrors.isFatal(failure) ? error : null;
    }

    /** Brings {@code failure} before the handler of this thread, where throwing it would not. */
    public static void escalate(Throwable failure) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    }

    /** Throws {@code failure} on if the process must not go on with it. */
    public static void rethrowIfFatal(Throwable failure) {
        Error fatal = fatal(failure);
        if (fatal != null) {
            throw fatal;
        }
    }
}

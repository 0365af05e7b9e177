package dev.rollcall.server;

import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.engine.embedded.EmbeddedEngine;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Has an engine do what is due, on a thread of its own: timeouts, interval events, holds. Safe from any thread. */
final class EngineClock implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofMillis(10);

    /** The most runs in a row, so that one call never keeps the thread to itself; the rest waits for one period. */
    private static final int RUNS = 100;

    private final EmbeddedEngine engine;
    private final DaemonThread thread;
    private final LongSupplier nanoTime;

    /** When the last run began that left nothing undone. */
    private volatile long caughtUpNanos;

    private EngineClock(EmbeddedEngine engine, DaemonThread thread, LongSupplier nanoTime) {
        this.engine = engine;
        this.thread = thread;
        this.nanoTime = nanoTime;
        caughtUpNanos = nanoTime.getAsLong();
    }

    static EngineClock start(EmbeddedEngine engine, DaemonThread thread, LongSupplier nanoTime) {
        EngineClock clock = new EngineClock(engine, thread, nanoTime);
        thread.repeat(Duration.ZERO, PERIOD, clock::run);
        return clock;
    }

    private void run() {
        for (int runs = 0; runs < RUNS && !Thread.interrupted(); runs++) {
            long begun = nanoTime.getAsLong();
            if (!engine.advance()) {
                caughtUpNanos = begun;
                return;
            }
        }
    }

    /** Returns for how many nanoseconds something has been due that is not done, give or take a period. */
    long lagNanos() {
        return Math.max(0, nanoTime.getAsLong() - caughtUpNanos - PERIOD.toNanos());
    }

    @Override
    public void close() {
        thread.close();
    }
}

package dev.rollcall.client.transport;

import java.time.Duration;

/** Runs tasks later, and tells the time they are measured by. Safe from any thread. */
public interface Scheduler {
    /** Returns a reading of a clock that never goes back, in nanoseconds; only differences of two readings mean anything. */
    long nanoTime();

    /**
     * Runs {@code task} once, after {@code delay}, on a thread of the scheduler. Tasks must be short and must not block.
     *
     * @return calls the task off
     */
    Cancellable schedule(Duration delay, Runnable task);
}

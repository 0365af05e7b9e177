package dev.rollcall.engine.embedded.work;

import dev.rollcall.engine.embedded.lock.RankedLock;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that run in the order they were added, one at a time, on the threads that add them, with no lock held. Adding is safe under any
 * lock and never runs anything; {@link #drain} is to be called once the lock is free.
 */
public final class SerialQueue {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean running = new AtomicBoolean();
    private final String name;
    private final int most;
    private final Failures failures;

    /**
     * Makes an empty queue.
     *
     * @param name what its tasks are, for the log
     * @param most the tasks, those of others among them, that one call of {@link #drain} runs; what is beyond waits for the next call,
     *     so there must be one sooner or later
     */
    public SerialQueue(String name, int most, Failures failures) {
        this.name = name;
        this.most = most;
        this.failures = failures;
    }

    public void add(Runnable task) {
        tasks.add(task);
    }

    /**
     * Runs what is there, unless another thread, or this one further up, is doing so: then that one runs it.
     *
     * @return whether this call ran anything
     */
    public boolean drain() {
        assert RankedLock.isNoneHeld();
        boolean ran = false;
        int left = most;
        Error fatal = null;
        // Looked at again after letting go: what was added in between found the queue taken.
        while (left > 0 && !tasks.isEmpty() && running.compareAndSet(false, true)) {
            try {
                for (Runnable task = tasks.poll(); task != null; task = --left > 0 ? tasks.poll() : null) {
                    ran = true;
                    fatal = first(fatal, run(task));
                }
            } finally {
                running.set(false);
            }
        }
        if (fatal != null) {
            throw fatal;
        }
        return ran;
    }

    private @Nullable Error run(Runnable task) {
        try {
            task.run();
            return null;
        } catch (Throwable e) {
            failures.caught(name, e);
            return Failures.fatal(e);
        }
    }

    private static @Nullable Error first(@Nullable Error before, @Nullable Error now) {
        return before == null ? now : before;
    }
}

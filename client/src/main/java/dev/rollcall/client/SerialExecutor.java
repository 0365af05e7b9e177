package dev.rollcall.client;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one at a time, in the order in which they came, on the threads of another executor. Has no thread of its own. What one
 * task did is visible to the next. Safe from any thread.
 */
final class SerialExecutor implements Executor {
    private static final System.Logger LOG = System.getLogger(SerialExecutor.class.getName());

    private final Executor delegate;
    private final int budget;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

    private SerialExecutor(Executor delegate, int budget) {
        this.delegate = delegate;
        this.budget = budget;
    }

    /** Returns one that runs tasks on the thread that brings them, or on the one that is busy with an earlier task. */
    static SerialExecutor onCaller() {
        return new SerialExecutor(Runnable::run, Integer.MAX_VALUE);
    }

    /** Returns one that runs tasks on {@code executor}, and lets others have a turn after every {@code budget} tasks. */
    static SerialExecutor on(Executor executor, int budget) {
        return new SerialExecutor(executor, budget);
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (pending.getAndIncrement() == 0) {
            delegate.execute(this::drain);
        }
    }

    private void drain() {
        for (int done = 0; done < budget; done++) {
            Runnable task = tasks.remove();
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "task failed", e);
            }
            if (pending.decrementAndGet() == 0) {
                return;
            }
        }
        delegate.execute(this::drain);
    }
}

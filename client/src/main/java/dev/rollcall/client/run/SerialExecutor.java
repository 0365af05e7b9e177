package dev.rollcall.client.run;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs tasks one at a time, in the order in which they came, on the threads of another executor. Has no thread of its own. What one
 * task did is visible to the next, and what one throws costs that one only. Safe from any thread.
 */
public final class SerialExecutor implements Executor {
    private final Executor delegate;
    private final int budget;
    private final Consumer<Throwable> failed;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

    private SerialExecutor(Executor delegate, int budget, Consumer<Throwable> failed) {
        this.delegate = delegate;
        this.budget = budget;
        this.failed = failed;
    }

    /**
     * Returns one that runs tasks on the thread that brings them, or on the one that is busy with an earlier task.
     *
     * @param failed told what a task threw, in the turn of that task
     */
    public static SerialExecutor onCaller(Consumer<Throwable> failed) {
        return new SerialExecutor(Runnable::run, Integer.MAX_VALUE, failed);
    }

    /**
     * Returns one that runs tasks on {@code executor}, and lets others have a turn after every {@code budget} tasks. The executor must not
     * refuse tasks.
     */
    public static SerialExecutor on(Executor executor, int budget) {
        return new SerialExecutor(executor, budget, t -> UserCode.failed("task", t));
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
            } catch (Throwable t) {
                UserCode.run("handler of a failed task", () -> failed.accept(t));
            }
            if (pending.decrementAndGet() == 0) {
                return;
            }
        }
        delegate.execute(this::drain);
    }
}

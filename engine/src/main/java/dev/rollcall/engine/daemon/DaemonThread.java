package dev.rollcall.engine.daemon;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A thread that does tasks one after the other, at once, later, or again and again. Whatever a task throws, errors too, is counted and
 * logged by {@link Daemons#failed} under the name of the thread; the thread goes on, and what is to be done again is done again. Only an
 * error after which the process is of no use ends it, with the process. Safe from any thread.
 */
public final class DaemonThread implements Executor, AutoCloseable {
    /** How long a loop rests after a failure, so that one which always fails leaves the processor to others. */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final String name;
    private final Daemons daemons;
    private final ScheduledThreadPoolExecutor executor;

    DaemonThread(String name, Daemons daemons) {
        this.name = name;
        this.daemons = daemons;
        executor = new ScheduledThreadPoolExecutor(1, work -> {
            Thread made = new Thread(work, "rollcall-" + name);
            made.setDaemon(true);
            return made;
        });
        executor.setRemoveOnCancelPolicy(true);
    }

    /** Returns its name, without {@code rollcall-}. */
    public String name() {
        return name;
    }

    /**
     * Does a task as soon as those before it are done.
     *
     * @throws RejectedExecutionException if it is closed
     */
    @Override
    public void execute(Runnable task) {
        executor.execute(guarded(task::run));
    }

    /**
     * Does a task once after {@code delay}.
     *
     * @throws RejectedExecutionException if it is closed
     */
    public void schedule(Duration delay, Task task) {
        var unused = executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Does a task after {@code first}, and again whenever {@code pause} has passed since its end.
     *
     * @throws RejectedExecutionException if it is closed
     */
    public void repeat(Duration first, Duration pause, Task task) {
        var unused =
                executor.scheduleWithFixedDelay(guarded(task), first.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Does {@code body} again and again for as long as {@code goesOn}, and nothing else.
     *
     * @throws RejectedExecutionException if it is closed
     */
    public void loop(BooleanSupplier goesOn, Task body) {
        executor.execute(() -> {
            while (goesOn.getAsBoolean()) {
                if (!attempt(body)) {
                    LockSupport.parkNanos(REST_NANOS);
                }
            }
        });
    }

    /**
     * Does a task as soon as those before it are done, and lets the caller wait for it. What it throws is counted here and thrown there.
     *
     * @throws RejectedExecutionException if it is closed
     */
    public Future<Void> submit(Task task) {
        return executor.submit(() -> {
            try {
                task.run();
                return null;
            } catch (Exception | Error e) {
                failed(e);
                throw e;
            }
        });
    }

    private Runnable guarded(Task task) {
        return () -> attempt(task);
    }

    private boolean attempt(Task task) {
        try {
            task.run();
            return true;
        } catch (Exception | Error e) {
            failed(e);
            return false;
        }
    }

    private void failed(Throwable thrown) {
        // Whoever closes it interrupts what is being done.
        if (executor.isShutdown() && thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return;
        }
        daemons.failed(name, thrown);
    }

    /**
     * Takes no more tasks, and waits for those that were given, at most for {@code patience}. Interrupts nothing.
     *
     * @return whether they are done
     */
    public boolean finish(Duration patience) {
        executor.shutdown();
        daemons.ended(this);
        try {
            return executor.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends it, with an interrupt of what is being done. Does not wait. Does nothing when called again. */
    @Override
    public void close() {
        executor.shutdownNow();
        daemons.ended(this);
    }
}

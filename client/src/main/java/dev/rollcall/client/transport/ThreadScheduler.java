package dev.rollcall.client.transport;

import dev.rollcall.client.run.UserCode;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The scheduler of the JDK on one daemon thread. A task that throws costs itself only. */
final class ThreadScheduler implements Scheduler {
    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(1, new DaemonThreads("rollcall-scheduler"));

    ThreadScheduler() {
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        Future<?> scheduled = executor.schedule(
                () -> {
                    UserCode.run("scheduled task", task);
                },
                Nanos.of(delay),
                TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    void close() {
        executor.shutdownNow();
    }
}

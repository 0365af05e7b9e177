package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineTime;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of an engine, or of what else is in Redis: the hub's, and the clock's, which lets time pass. */
final class NodeThreads implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NodeThreads.class);
    private static final int PATIENCE_SECONDS = 2;

    private final EngineTime time;
    private final ExecutorService hub;
    private final ScheduledExecutorService clock;
    private long tendedAt;
    private long loggedAt;

    NodeThreads(String name, EngineTime time) {
        this.time = time;
        hub = Executors.newSingleThreadExecutor(task -> daemon(task, name + "-hub"));
        clock = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, name + "-clock"));
        tendedAt = time.monotonicMillis();
        loggedAt = tendedAt - 5000;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Returns the hub's thread. It takes no more once this is closed, and a task that fails is logged. */
    Executor hub() {
        return task -> {
            try {
                hub.execute(() -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        log.error("a task of the hub failed", e);
                    }
                });
            } catch (RejectedExecutionException e) {
                log.trace("closed", e);
            }
        };
    }

    /** Calls {@code tick} again and again, with true about once a second. */
    void startClock(Duration period, Tick tick) {
        clock.scheduleWithFixedDelay(() -> run(tick), 0, period.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void run(Tick tick) {
        long now = time.monotonicMillis();
        boolean second = now - tendedAt >= 1000;
        if (second) {
            tendedAt = now;
        }
        try {
            tick.onTick(second);
        } catch (Throwable e) {
            // A scheduled task that throws is never run again.
            if (now - loggedAt >= 5000) {
                loggedAt = now;
                log.error("the clock failed", e);
            }
            if (e instanceof VirtualMachineError) {
                // The process decides what becomes of it.
                Thread self = Thread.currentThread();
                self.getUncaughtExceptionHandler().uncaughtException(self, e);
            }
        }
    }

    void stopClock() {
        clock.shutdownNow();
    }

    /** Returns what {@code question} gives on the hub's thread. Waits for it. */
    <T> T ask(Callable<T> question) {
        FutureTask<T> task = new FutureTask<>(question);
        hub.execute(task);
        try {
            return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the hub does not answer", e);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        hub.shutdown();
    }

    /** Lets time pass. */
    @FunctionalInterface
    interface Tick {
        void onTick(boolean second);
    }
}

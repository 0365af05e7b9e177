package dev.rollcall.server;

import dev.rollcall.engine.daemon.FatalErrors;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been started, and how it is stopped: by name, the last first, each step bounded in time. Safe from any thread. */
final class Steps {
    private static final Logger log = LoggerFactory.getLogger(Steps.class);

    private final Deque<Step> started = new ArrayDeque<>();

    private record Step(String name, AutoCloseable stop) {}

    /** Remembers how something that runs now is stopped. */
    synchronized void started(String name, AutoCloseable stop) {
        started.push(new Step(name, stop));
    }

    /**
     * Stops everything, whatever any of it throws, spending no more than {@code patience} on all of it.
     *
     * @return whether every step was taken in time and none failed
     */
    synchronized boolean close(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean allWell = true;
        while (!started.isEmpty()) {
            allWell &= stop(started.pop(), deadline - System.nanoTime());
        }
        return allWell;
    }

    private static boolean stop(Step step, long nanos) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            step.stop.close();
            return null;
        });
        start(task);
        try {
            task.get(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            log.warn("stopping takes too long, going on step={}", step.name);
        } catch (ExecutionException e) {
            FatalErrors.check(e);
            log.error("stopping failed step={}", step.name, e.getCause());
        } catch (InterruptedException e) {
            // Whoever waits wants it over; what is left is stopped without waiting.
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private static void start(FutureTask<Void> task) {
        Thread thread = new Thread(task, "rollcall-stop");
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            FatalErrors.check(e);
            // The system gives no more threads. Without a bound in time, then.
            log.warn("no thread to stop on: {}", e.getMessage());
            task.run();
        }
    }
}

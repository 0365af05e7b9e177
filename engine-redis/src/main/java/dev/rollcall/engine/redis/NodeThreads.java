package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.engine.daemon.Daemons;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The threads of an engine, or of what else is in Redis: the hub's, and the clock's, which lets time pass. Both outlive whatever their work
 * throws, and each is held against the other: {@link #lagMillis} tells when one of them no longer turns. Safe from any thread.
 */
final class NodeThreads implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 2;

    private final EngineTime time;
    private final Daemons daemons;
    private final DaemonThread hub;
    private final DaemonThread clock;
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private volatile boolean closed;
    private long secondAt;

    /** When the last tick began that was done to its end; before the first, when these were made. */
    private volatile long tickedMillis;

    /** When the hub last took the task that every second has for it. */
    private volatile long turnedMillis;

    private volatile boolean ticks;

    /** Makes the threads {@code name-hub} and {@code name-clock} among {@code daemons}. */
    NodeThreads(Daemons daemons, String name, EngineTime time) {
        this.time = time;
        this.daemons = daemons;
        secondAt = time.monotonicMillis();
        tickedMillis = secondAt;
        turnedMillis = secondAt;
        hub = daemons.thread(name + "-hub");
        clock = daemons.thread(name + "-clock");
        hub.loop(() -> !closed || !tasks.isEmpty(), this::turn);
    }

    /** The clocks of this node. */
    EngineTime time() {
        return time;
    }

    private void turn() throws InterruptedException {
        Runnable task = tasks.take();
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            // Counted here and not by the thread, which would rest a while before the task of somebody else.
            daemons.failed(hub.name(), e);
        }
    }

    /** Returns the hub's thread. What is handed to it once this is closed may never be done; a task that fails is counted and logged. */
    Executor hub() {
        return tasks::add;
    }

    /** Calls {@code tick} again and again, with true about once a second. */
    void startClock(Duration period, Tick tick) {
        ticks = true;
        clock.repeat(Duration.ZERO, period, () -> run(tick));
    }

    private void run(Tick tick) {
        long now = time.monotonicMillis();
        boolean second = now - secondAt >= 1000;
        if (second) {
            secondAt = now;
            tasks.add(() -> turnedMillis = Math.max(turnedMillis, now));
        }
        tick.onTick(second);
        tickedMillis = now;
    }

    void stopClock() {
        clock.close();
    }

    /**
     * Returns for how many milliseconds the clock has not ticked, or the hub has not turned, whichever is longer; up to a second or so while
     * all is well. Zero where no clock was started.
     */
    long lagMillis() {
        if (!ticks) {
            return 0;
        }
        long now = time.monotonicMillis();
        // The hub is asked once a second.
        return Math.max(0, Math.max(now - tickedMillis, now - turnedMillis - 1000));
    }

    /**
     * Returns what {@code question} gives on the hub's thread. Waits for it.
     *
     * @throws IllegalStateException if there is no answer within two seconds
     */
    <T> T ask(Callable<T> question) {
        FutureTask<T> task = new FutureTask<>(question);
        tasks.add(task);
        try {
            return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the hub does not answer", e);
        }
    }

    /** Ends both; the hub does first what it was given. */
    @Override
    public void close() {
        clock.close();
        closed = true;
        tasks.add(() -> {});
        hub.finish(Duration.ZERO);
    }

    /** Lets time pass. */
    @FunctionalInterface
    interface Tick {
        void onTick(boolean second);
    }
}

package dev.rollcall.client.transport;

import dev.rollcall.client.run.UserCode;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A few daemon threads for code that may block. While all of them are stuck and tasks wait, it grows step by step up to a limit, so that
 * listeners that wait for one another, by whatever means, get on; it shrinks again by itself. Safe from any thread.
 */
final class ElasticPool implements Executor {
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final int STEP = 4;

    private final ThreadPoolExecutor pool;
    private final Scheduler scheduler;
    private final int usual;
    private final int limit;
    private final AtomicBoolean watched = new AtomicBoolean();

    ElasticPool(String prefix, int usual, int limit, Scheduler scheduler) {
        this.pool = DaemonThreads.pool(prefix, usual);
        this.scheduler = scheduler;
        this.usual = usual;
        this.limit = limit;
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(() -> UserCode.run("callback", task));
        if (pool.getActiveCount() >= pool.getMaximumPoolSize() && watched.compareAndSet(false, true)) {
            watch(pool.getCompletedTaskCount());
        }
    }

    private void watch(long completedBefore) {
        scheduler.schedule(LOOK, () -> look(completedBefore));
    }

    private void look(long completedBefore) {
        long completed = pool.getCompletedTaskCount();
        if (pool.getQueue().isEmpty()) {
            watched.set(false);
            if (pool.getActiveCount() <= usual) {
                resize(usual);
            }
            return;
        }
        if (completed == completedBefore && pool.getMaximumPoolSize() < limit) {
            resize(Math.min(limit, pool.getMaximumPoolSize() + STEP));
        }
        watch(completed);
    }

    private void resize(int threads) {
        if (threads > pool.getMaximumPoolSize()) {
            pool.setMaximumPoolSize(threads);
            pool.setCorePoolSize(threads);
        } else {
            pool.setCorePoolSize(threads);
            pool.setMaximumPoolSize(threads);
        }
    }

    /** Runs what waits already, and ends its threads as they become idle. */
    void close() {
        pool.shutdown();
    }
}

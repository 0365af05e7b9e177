package dev.rollcall.client.run;

import dev.rollcall.client.transport.Scheduler;
import dev.rollcall.client.transport.Transport;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The callback executor of a transport, which users may have brought, made such that no task is lost: what it refuses is offered again,
 * later and later, and after some seconds runs on a thread of last resort, so that every future ends and every listener is told. Safe from
 * any thread.
 */
public final class Callbacks implements Executor {
    private static final int OFFERS = 12;
    private static final long FIRST_MILLIS = 5;

    private final Transport transport;

    /** Wraps the executor that {@code transport} gives out. */
    public Callbacks(Transport transport) {
        this.transport = transport;
    }

    @Override
    public void execute(Runnable task) {
        offer(new Once(task), 0);
    }

    private void offer(Once task, int offers) {
        try {
            transport.callbacks().execute(task);
        } catch (Throwable t) {
            // An executor that runs its tasks at once hands out what they throw; Once never throws, so this was a
            // refusal.
            refused(task, offers, t);
        }
    }

    private void refused(Once task, int offers, Throwable t) {
        if (offers == 0 && !transport.isClosed()) {
            UserCode.failed("callback executor (the task is offered again)", t);
        }
        if (offers < OFFERS) {
            Duration delay = Duration.ofMillis(FIRST_MILLIS << offers);
            Scheduler scheduler = transport.scheduler();
            if (!transport.isClosed()
                    && UserCode.run("scheduler", () -> scheduler.schedule(delay, () -> offer(task, offers + 1)))) {
                return;
            }
        }
        LastResort.POOL.execute(task);
    }

    /** A task that runs once however often it is handed out, and never throws. */
    private static final class Once implements Runnable {
        private final Runnable task;
        private final java.util.concurrent.atomic.AtomicBoolean ran = new java.util.concurrent.atomic.AtomicBoolean();

        Once(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (ran.compareAndSet(false, true)) {
                UserCode.run("callback", task);
            }
        }
    }

    /** Daemon threads that exist only while an executor refuses. */
    private static final class LastResort {
        static final ThreadPoolExecutor POOL = pool();

        private static ThreadPoolExecutor pool() {
            ThreadPoolExecutor pool =
                    new ThreadPoolExecutor(2, 2, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                        Thread thread = new Thread(task, "rollcall-last-resort");
                        thread.setDaemon(true);
                        return thread;
                    });
            pool.allowCoreThreadTimeOut(true);
            return pool;
        }
    }
}

package dev.rollcall.client.transport;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes named daemon threads, so that a client never keeps a JVM alive. */
final class DaemonThreads implements ThreadFactory {
    private static final long IDLE_SECONDS = 10;

    private final String prefix;
    private final AtomicInteger count = new AtomicInteger();

    DaemonThreads(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(task, prefix + "-" + count.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    /** Returns a pool of at most {@code size} threads that end by themselves when they have nothing to do. */
    static ThreadPoolExecutor pool(String prefix, int size) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                size, size, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new DaemonThreads(prefix));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}

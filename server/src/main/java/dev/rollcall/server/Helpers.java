package dev.rollcall.server;

import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.engine.daemon.Daemons;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * A few threads for what would keep an event loop from its other connections: the answers beyond the first few hundred that one message
 * causes, and questions about all channels. Takes a bounded number of tasks; whoever brings more does them on the thread they are on,
 * which slows down whoever asks for too much. Safe from any thread.
 */
final class Helpers implements Executor, AutoCloseable {
    /** Tasks taken and not done; each is a slice of something that a request waits for. */
    private static final int MOST_TASKS = 4096;

    private static final int MOST_THREADS = 4;

    private final List<DaemonThread> threads;
    private final int mostTasks;
    private final AtomicInteger tasks = new AtomicInteger();
    private final AtomicInteger turn = new AtomicInteger();

    private Helpers(Daemons daemons, int count, int mostTasks) {
        this.mostTasks = mostTasks;
        threads = IntStream.rangeClosed(1, count)
                .mapToObj(number -> daemons.thread("helper-" + number))
                .toList();
        // The threads are there before they are needed: when there is much to do it is too late to find that there are
        // none.
        threads.forEach(thread -> thread.execute(() -> {}));
    }

    /** Starts half as many threads as there are processors, four at most. */
    static Helpers start(Daemons daemons) {
        int half = Runtime.getRuntime().availableProcessors() / 2;
        return start(daemons, Math.max(1, Math.min(MOST_THREADS, half)), MOST_TASKS);
    }

    static Helpers start(Daemons daemons, int count, int mostTasks) {
        return new Helpers(daemons, count, mostTasks);
    }

    /**
     * Does a task soon, on one of the threads. Tasks have no order.
     *
     * @throws RejectedExecutionException if there are too many already, or it is closed
     */
    @Override
    public void execute(Runnable task) {
        if (tasks.incrementAndGet() > mostTasks) {
            tasks.decrementAndGet();
            throw new RejectedExecutionException("helper tasks: more than " + mostTasks + " (expected: fewer)");
        }
        boolean isTaken = false;
        try {
            threads.get(Math.floorMod(turn.getAndIncrement(), threads.size())).execute(() -> {
                tasks.decrementAndGet();
                task.run();
            });
            isTaken = true;
        } finally {
            if (!isTaken) {
                tasks.decrementAndGet();
            }
        }
    }

    /** Takes no more tasks. Those not begun are not done: to be called when nobody waits for an answer any more. */
    @Override
    public void close() {
        threads.forEach(DaemonThread::close);
    }
}

package dev.rollcall.bench.load;

import dev.rollcall.bench.process.ProcFiles;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Many clients that poll. Opens as many as the limits of this machine allow and says which limit it met. One thread uses it; its
 * counts come from the load threads.
 */
public final class PollFleet implements AutoCloseable {
    /** Connections on their way at one time: fewer than the smallest backlog of a listening socket. */
    private static final int IN_FLIGHT = 100;

    /** Files that a process needs for itself: jars, sockets of other kinds, and what a server opens for its own use. */
    private static final int OWN_FILES = 1500;

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(20);
    private static final Duration OPEN_PATIENCE = Duration.ofSeconds(20);

    private final LoadLoops loops;
    private final List<PollClient> clients = new ArrayList<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger parked = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private volatile @Nullable Throwable failure;
    private volatile boolean isClosing;

    /** Makes an empty fleet. */
    public PollFleet(LoadLoops loops) {
        this.loops = loops;
    }

    /** Returns how many connections one process may open here; the server has the same limit. */
    public static int most() {
        return (int) Math.min(Integer.MAX_VALUE, ProcFiles.openFilesLimit()) - OWN_FILES;
    }

    /** Returns what limits a number of connections to {@link #most}. */
    public static String limit() {
        return "limit met: a process may open " + ProcFiles.openFilesLimit() + " files (ulimit -Hn), " + OWN_FILES
                + " of them set aside";
    }

    /**
     * Opens clients until there are {@code count} or a limit is met, and waits until all of those watch.
     *
     * @param session makes the session of each client by number
     * @return how many there are
     */
    public int open(InetSocketAddress server, int count, IntFunction<PollSession> session) {
        while (clients.size() < count && failure == null) {
            PollClient client = new PollClient(this, server, clients.size(), session.apply(clients.size()));
            clients.add(client);
            client.connect();
            awaitRoom();
        }
        Until.holds(() -> parked.get() + failed.get() >= clients.size(), OPEN_PATIENCE);
        return parked();
    }

    private void awaitRoom() {
        boolean hasRoom = Until.holds(() -> clients.size() - parked.get() - failed.get() < IN_FLIGHT, OPEN_PATIENCE);
        if (!hasRoom && failure == null) {
            failure = new IllegalStateException(
                    "clients watching: " + parked.get() + " (expected: " + clients.size() + ")");
        }
    }

    LoadLoops loops() {
        return loops;
    }

    /** Returns a client by number. */
    public PollClient client(int number) {
        return clients.get(number);
    }

    /** Returns how many clients watch. */
    public int parked() {
        return parked.get();
    }

    /** Returns how many connections the server has closed. */
    public int dropped() {
        return closed.get();
    }

    /** Returns why there are fewer clients than wanted, or null. */
    public @Nullable Throwable failure() {
        return failure;
    }

    void onOpened() {
        opened.incrementAndGet();
    }

    void onMoved() {
        opened.decrementAndGet();
    }

    void onParked() {
        parked.incrementAndGet();
    }

    void onClosed(boolean wasParked) {
        closed.incrementAndGet();
        if (wasParked) {
            parked.decrementAndGet();
        }
        if (!isClosing && !wasParked) {
            onFailed(new IllegalStateException("the server closed a connection before it was used"));
        }
    }

    void onFailed(Throwable cause) {
        failed.incrementAndGet();
        failure = cause;
    }

    /** Closes all connections and waits until they are gone. */
    @Override
    public void close() {
        isClosing = true;
        clients.forEach(PollClient::close);
        Until.holds(() -> closed.get() >= opened.get(), CLOSE_PATIENCE);
    }
}

package dev.rollcall.server.admin;

import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.engine.events.EventReader;
import dev.rollcall.engine.events.EventStream;
import dev.rollcall.engine.events.StreamItem;
import dev.rollcall.server.http.ResponseStream;
import dev.rollcall.server.operator.Operator;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Events on their way to one client. Takes from the engine's stream no more than the client takes: one that is slow falls behind there, and
 * what it misses when it is too slow it is told as a gap. All is done on the thread of the feeds, but for being told that there is more.
 */
final class EventFeed {
    private static final int AT_ONCE = 64;

    /** Rounds of one feed before others have their turn. */
    private static final int ROUNDS = 16;

    private final EventFormat format;
    private final Operator operator;
    private final DaemonThread thread;
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    private final Deque<StreamItem> refused = new ArrayDeque<>();
    private volatile @Nullable EventReader reader;

    /** Where they go, null until the answer has begun. */
    private volatile @Nullable ResponseStream stream;

    private volatile boolean isOver;
    private Runnable ended = () -> {};

    EventFeed(EventFormat format, Operator operator, DaemonThread thread) {
        this.format = format;
        this.operator = operator;
        this.thread = thread;
    }

    /**
     * Begins behind {@code after}, with what {@code filter} wants, and has {@code onEnd} run once when it is over.
     *
     * @param answer begins the answer; called when nothing can be missed any more, for then the client may count on it
     */
    void start(EventStream events, long after, EventFilter filter, Supplier<ResponseStream> answer, Runnable onEnd) {
        ended = onEnd;
        ResponseStream begun = null;
        try {
            reader = events.open(after, filter, this::schedule);
            begun = answer.get();
            begun.send(format.opening());
            begun.onRoom(this::schedule);
            stream = begun;
        } finally {
            // Last, and whatever happens: by now there is all that its end has to clear away.
            if (begun == null) {
                over();
            } else {
                begun.onOver(this::over);
                if (isOver) {
                    begun.end();
                }
            }
        }
        schedule();
    }

    private void over() {
        isOver = true;
        ended.run();
        EventReader source = reader;
        if (source != null) {
            source.close();
        }
    }

    private void schedule() {
        if (isScheduled.compareAndSet(false, true)) {
            try {
                thread.execute(this::run);
            } catch (RejectedExecutionException e) {
                // The server stops, and the streams end with it.
                isOver = true;
            }
        }
    }

    private void run() {
        isScheduled.set(false);
        EventReader source = reader;
        ResponseStream sink = stream;
        if (source == null || sink == null || isOver) {
            return;
        }
        for (int round = 0; round < ROUNDS; round++) {
            while (!refused.isEmpty()) {
                if (!sink.send(format.encode(refused.peek()))) {
                    return;
                }
                refused.remove();
            }
            List<StreamItem> items = source.read(AT_ONCE);
            refused.addAll(items);
            if (items.size() < AT_ONCE) {
                drain(sink);
                return;
            }
        }
        schedule();
    }

    /** Sends as much as there is room for; when there is more, it is told. */
    private void drain(ResponseStream sink) {
        while (!refused.isEmpty() && sink.send(format.encode(refused.peek()))) {
            refused.remove();
        }
    }

    /** Shows that the stream is open, and ends it if whoever opened it may no longer have it. */
    void heartbeat() {
        endIfFallen();
        ResponseStream sink = stream;
        if (sink != null) {
            sink.send(format.heartbeat());
        }
    }

    /** Ends the stream if whoever opened it may no longer have it. */
    void endIfFallen() {
        if (!operator.standing().getAsBoolean()) {
            close();
        }
    }

    /** Ends the stream. */
    void close() {
        isOver = true;
        ResponseStream sink = stream;
        if (sink != null) {
            sink.end();
        }
        EventReader source = reader;
        if (source != null) {
            source.close();
        }
    }
}

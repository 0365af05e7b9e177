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
import org.jspecify.annotations.Nullable;

/**
 * Events on their way to one client. Takes from the engine's stream no more than the client takes: one that is slow falls behind there, and
 * what it misses when it is too slow it is told as a gap. All is done on the thread of the feeds, but for being told that there is more.
 */
final class EventFeed {
    private static final int AT_ONCE = 64;

    /** Rounds of one feed before others have their turn. */
    private static final int ROUNDS = 16;

    private final ResponseStream stream;
    private final EventFormat format;
    private final Operator operator;
    private final DaemonThread thread;
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    private final Deque<StreamItem> refused = new ArrayDeque<>();
    private volatile @Nullable EventReader reader;
    private volatile boolean isOver;
    private Runnable ended = () -> {};

    EventFeed(ResponseStream stream, EventFormat format, Operator operator, DaemonThread thread) {
        this.stream = stream;
        this.format = format;
        this.operator = operator;
        this.thread = thread;
    }

    /** Begins behind {@code after}, with what {@code filter} wants, and has {@code onEnd} run once when it is over. */
    void start(EventStream events, long after, EventFilter filter, Runnable onEnd) {
        ended = onEnd;
        try {
            stream.send(format.opening());
            stream.onRoom(this::schedule);
            reader = events.open(after, filter, this::schedule);
        } finally {
            // Last, and whatever happens: by now there is all that its end has to clear away.
            stream.onOver(this::over);
            if (reader == null) {
                stream.end();
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
        if (source == null || isOver) {
            return;
        }
        for (int round = 0; round < ROUNDS; round++) {
            while (!refused.isEmpty()) {
                if (!send(refused.peek())) {
                    return;
                }
                refused.remove();
            }
            List<StreamItem> items = source.read(AT_ONCE);
            refused.addAll(items);
            if (items.size() < AT_ONCE) {
                drain();
                return;
            }
        }
        schedule();
    }

    private void drain() {
        while (!refused.isEmpty() && send(refused.peek())) {
            refused.remove();
        }
    }

    /** Sends, or is told when there is room. */
    private boolean send(StreamItem item) {
        return stream.send(format.encode(item));
    }

    /** Shows that the stream is open, and ends it if whoever opened it may no longer have it. */
    void heartbeat() {
        endIfFallen();
        stream.send(format.heartbeat());
    }

    /** Ends the stream if whoever opened it may no longer have it. */
    void endIfFallen() {
        if (!operator.standing().getAsBoolean()) {
            stream.end();
        }
    }

    /** Ends the stream. */
    void close() {
        stream.end();
        EventReader source = reader;
        if (source != null) {
            source.close();
        }
    }
}

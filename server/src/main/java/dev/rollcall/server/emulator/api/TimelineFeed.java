package dev.rollcall.server.emulator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.server.emulator.Timeline;
import dev.rollcall.server.emulator.TimelineEntry;
import dev.rollcall.server.http.ResponseStream;
import dev.rollcall.server.operator.Operator;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * The timeline on its way to one client, as server-sent events. Reads no more than the client takes: one that is slow falls behind, and is
 * told where entries are gone by then. All is done on one thread, but for being told that there is more.
 */
final class TimelineFeed {
    private static final int AT_ONCE = 64;
    private static final byte[] OPENING = ": entries follow\nretry: 2000\n\n".getBytes(UTF_8);
    private static final byte[] HEARTBEAT = ":\n\n".getBytes(UTF_8);

    private final ResponseStream stream;
    private final Timeline timeline;
    private final Predicate<TimelineEntry> matches;
    private final Operator operator;
    private final DaemonThread thread;
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    private final Runnable watcher = this::schedule;
    private long position;

    TimelineFeed(
            ResponseStream stream,
            Timeline timeline,
            Predicate<TimelineEntry> matches,
            Operator operator,
            DaemonThread thread) {
        this.stream = stream;
        this.timeline = timeline;
        this.matches = matches;
        this.operator = operator;
        this.thread = thread;
    }

    /** Begins behind a timetoken, and has an action run once it is over. */
    void start(long after, Runnable onEnd) {
        position = after;
        stream.send(OPENING);
        stream.onRoom(watcher);
        timeline.watch(watcher);
        stream.onOver(() -> {
            timeline.unwatch(watcher);
            onEnd.run();
        });
        schedule();
    }

    private void schedule() {
        if (isScheduled.compareAndSet(false, true)) {
            try {
                thread.execute(this::run);
            } catch (RejectedExecutionException e) {
                stream.end();
            }
        }
    }

    private void run() {
        isScheduled.set(false);
        if (stream.isOver()) {
            return;
        }
        long lost = timeline.lostUpTo();
        if (lost > position && position > 0) {
            if (!stream.send(
                    ("id: " + lost + "\nevent: gap\ndata: {\"timetoken\":\"" + lost + "\"}\n\n").getBytes(UTF_8))) {
                return;
            }
            position = lost;
        }
        List<TimelineEntry> entries = timeline.since(position, matches, AT_ONCE);
        for (TimelineEntry entry : entries) {
            byte[] piece = ("id: " + entry.timetoken() + "\nevent: " + entry.action() + "\ndata: "
                            + TimelineJson.write(entry) + "\n\n")
                    .getBytes(UTF_8);
            if (!stream.send(piece)) {
                return;
            }
            position = entry.timetoken();
        }
        if (entries.size() == AT_ONCE) {
            schedule();
        }
    }

    /** Shows that the stream is open, and ends it if whoever opened it may no longer have it. */
    void heartbeat() {
        if (operator.standing().getAsBoolean()) {
            stream.send(HEARTBEAT);
        } else {
            stream.end();
        }
    }

    void end() {
        stream.end();
    }
}

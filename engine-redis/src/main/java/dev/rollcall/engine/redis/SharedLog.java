package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.events.Event;
import dev.rollcall.engine.events.EventLog;
import dev.rollcall.engine.events.EventReader;
import dev.rollcall.engine.events.EventStream;
import dev.rollcall.engine.redis.link.Link;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that any node does to presence, on this node, while somebody here reads it. Each partition has a log, a stream that scripts
 * write as long as there is a wish for it; this follows all of them: first the news is heard, then what was missed is read, so nothing
 * falls between the two. Where something may be missing all the same, readers find a gap.
 *
 * <p>Owned by the hub's thread, but for the stream itself, which is safe from any thread.
 */
final class SharedLog implements EventStream {
    /** How long scripts go on writing after they were last asked to, and how often they are asked. */
    private static final long WISH_MILLIS = 120_000;

    private static final long WISH_AGAIN_MILLIS = 30_000;

    /** How much of a log is read at once. */
    private static final int READ_BYTES = 128 * 1024;

    /** Most bytes of news of a partition that wait for a reading; where there are more it is read once more. */
    private static final int MOST_PENDING = 256 * 1024;

    /** Most bytes that are read before readers get them, of all partitions; where there are more, readers find a gap. */
    private static final int MOST_FOUND = 8 * 1024 * 1024;

    /** A time after everything, in microseconds. */
    private static final String FROM_NOW_ON = "9000000000000000";

    private static final Logger log = LoggerFactory.getLogger(SharedLog.class);

    private final EventLog events;
    private final Link link;
    private final Scripts scripts;
    private final Names names;
    private final EngineTime time;
    private final Executor hub;
    private final Map<String, Part> byTopic = new HashMap<>();
    private final List<Part> parts = new ArrayList<>();
    private boolean following;
    private long wishedAt;

    SharedLog(EventLog events, Link link, Scripts scripts, Names names, EngineTime time, Executor hub) {
        this.events = events;
        this.link = link;
        this.scripts = scripts;
        this.names = names;
        this.time = time;
        this.hub = hub;
        for (int partition = 0; partition < names.partitions(); partition++) {
            Part part = new Part(partition, names.log(partition));
            parts.add(part);
            byTopic.put(part.topic, part);
        }
    }

    @Override
    public EventReader open(long after, Predicate<Event> filter, Runnable onReady) {
        EventReader reader = events.open(after, filter, onReady);
        hub.execute(this::maintain);
        return reader;
    }

    @Override
    public int readers() {
        return events.readers();
    }

    /** Returns whether a topic is that of a log. Safe from any thread. */
    boolean owns(String topic) {
        return byTopic.containsKey(topic);
    }

    /** Begins, goes on or ends to follow, as there is somebody who reads. To be called every second or so. */
    void maintain() {
        events.tend();
        if (!events.isRecording()) {
            if (following) {
                following = false;
                parts.forEach(part -> {
                    part.reset();
                    link.unfollow(part.topic);
                });
            }
            return;
        }
        long now = time.monotonicMillis();
        if (!following) {
            following = true;
            wishedAt = now;
            parts.forEach(part -> link.follow(part.topic, part.partition));
        } else if (now - wishedAt >= WISH_AGAIN_MILLIS) {
            wishedAt = now;
            parts.forEach(this::wish);
        }
        parts.forEach(this::readIfBehind);
    }

    /** Has scripts go on writing. Where that fails, the next time is soon enough. */
    private void wish(Part part) {
        byte[][] keys = {Names.bytes(names.logWish(part.partition))};
        scripts.number(Script.WISH, keys, Long.toString(WISH_MILLIS)).thenAcceptAsync(this::onWished, hub);
    }

    private void onWished(long lost) {
        if (lost > 0 && following) {
            events.skip(scripts.heard());
        }
    }

    /** Returns whether anything is on its way that a reader here is going to find. */
    boolean isBehind() {
        if (!following) {
            return events.isRecording();
        }
        for (Part part : parts) {
            if (!part.live) {
                return true;
            }
        }
        return false;
    }

    void onFollowing(String topic) {
        Part part = byTopic.get(topic);
        if (part != null && following) {
            part.heard = true;
            readIfBehind(part);
        }
    }

    void onNews(String topic, byte[] news) {
        Part part = byTopic.get(topic);
        if (part == null || !following) {
            return;
        }
        scripts.heard(FeedCodec.timetoken(news));
        if (part.live) {
            take(part, news);
        } else if (!part.missed && part.pendingBytes + news.length <= MOST_PENDING) {
            part.pending.add(news);
            part.pendingBytes += news.length;
        } else {
            part.missed = true;
        }
    }

    /** News of these topics may have been missed. */
    void onLost(Collection<String> topics) {
        for (String topic : topics) {
            Part part = byTopic.get(topic);
            if (part != null) {
                part.lose(false);
            }
        }
    }

    /** News was dropped because this node could not keep up. */
    void onDropped() {
        for (Part part : parts) {
            part.lose(part.heard);
            readIfBehind(part);
        }
    }

    private void readIfBehind(Part part) {
        if (following && part.heard && !part.live && !part.reading) {
            read(part, new ArrayList<>());
        }
    }

    private void read(Part part, List<byte[]> found) {
        part.reading = true;
        int generation = part.generation;
        byte[][] keys = {names.last(part.partition), Names.bytes(part.topic), Names.bytes(names.logWish(part.partition))
        };
        long from = found.isEmpty() ? part.last : FeedCodec.timetoken(found.get(found.size() - 1));
        scripts.list(
                        Script.FOLLOW,
                        keys,
                        Long.toString(WISH_MILLIS),
                        part.begun ? Long.toString(from / 10) : FROM_NOW_ON,
                        Integer.toString(READ_BYTES))
                .whenCompleteAsync((reply, failure) -> onRead(part, generation, found, reply, failure != null), hub);
    }

    private void onRead(Part part, int generation, List<byte[]> found, Reply reply, boolean failed) {
        part.reading = false;
        if (failed || generation != part.generation || !following) {
            // Where it failed, the next look tries again.
            if (!failed) {
                readIfBehind(part);
            }
            return;
        }
        found.addAll(reply.list(1));
        boolean cut = cut(found);
        part.cut |= cut;
        if (reply.number(2) == 1) {
            read(part, found);
            return;
        }
        if (!part.begun) {
            part.begun = true;
            // What was told meanwhile is later than the beginning of this reading, whatever its own end.
            part.last = part.pending.isEmpty()
                    ? reply.timetoken(0)
                    : Math.min(reply.timetoken(0), FeedCodec.timetoken(part.pending.get(0)) - 1);
        } else if (part.cut || found.size() >= most()) {
            // The oldest may have been forgotten before they were read.
            events.skip(found.isEmpty() ? scripts.heard() : FeedCodec.timetoken(found.get(0)) - 1);
        }
        part.cut = false;
        found.forEach(news -> take(part, news));
        part.pending.forEach(news -> take(part, news));
        boolean missed = part.missed;
        part.forgetPending();
        if (missed) {
            // What did not wait is in the log.
            read(part, new ArrayList<>());
        } else {
            part.live = true;
        }
    }

    /** Lets go of the oldest where too much was read, and returns whether it did. */
    private boolean cut(List<byte[]> found) {
        long most = Math.max(MOST_PENDING, MOST_FOUND / names.partitions());
        long bytes = 0;
        int from = found.size();
        while (from > 0 && bytes + found.get(from - 1).length <= most) {
            from--;
            bytes += found.get(from).length;
        }
        found.subList(0, from).clear();
        return from > 0;
    }

    /** Returns how many events of a partition Redis keeps; see {@code channel.lua}. */
    private int most() {
        return Math.max(500, (MOST_EVENTS + names.partitions() - 1) / names.partitions());
    }

    private void take(Part part, byte[] news) {
        long timetoken = FeedCodec.timetoken(news);
        if (timetoken <= part.last) {
            return;
        }
        part.last = timetoken;
        try {
            events.append(FeedCodec.decodeLogged(news));
        } catch (RuntimeException e) {
            log.error("unreadable event partition={}", part.partition, e);
            events.skip(timetoken);
        }
    }

    /** The log of a partition, as this node follows it. */
    private static final class Part {
        final int partition;
        final String topic;

        /** Whether its news is heard; only then is there a use in reading it. */
        boolean heard;

        /** Whether everything is heard that is told, and everything known that was told before. */
        boolean live;

        boolean reading;

        /** Whether it has been read at all, so that {@link #last} is known. */
        boolean begun;

        /** Whether news was let go while it was to wait for a reading. */
        boolean missed;

        /** Whether something was let go that was read. */
        boolean cut;

        /** Changes with every loss, so that what was read before is known for old. */
        int generation;

        /** The timetoken of the last event. */
        long last;

        /** News that came before what was told before it is read. */
        final List<byte[]> pending = new ArrayList<>();

        int pendingBytes;

        Part(int partition, String topic) {
            this.partition = partition;
            this.topic = topic;
        }

        void lose(boolean stillHeard) {
            heard = stillHeard;
            live = false;
            generation++;
            forgetPending();
            cut = false;
        }

        void forgetPending() {
            pending.clear();
            pendingBytes = 0;
            missed = false;
        }

        void reset() {
            lose(false);
            begun = false;
        }
    }
}

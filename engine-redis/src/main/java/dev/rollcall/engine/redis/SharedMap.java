package dev.rollcall.engine.redis;

import static java.util.Objects.requireNonNull;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.engine.redis.link.Link;
import dev.rollcall.engine.redis.link.News;
import dev.rollcall.protocol.SubscribeKey;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Small things that all nodes know: texts by name, each with an end, kept in Redis and read into every node. News tells that there is
 * something to read; a look every second finds it where news was lost, and after a lost connection everything is read again, since Redis
 * itself may have lost something. The state is owned by a thread of this map; safe from any thread.
 */
public final class SharedMap implements AutoCloseable {
    /** The end of an entry that has none. */
    public static final long FOREVER = Long.MAX_VALUE;

    private static final String THREADS = "grants";

    /** Every part is read once a second; after how long without that it is known to be old. */
    private static final long UNREAD_MILLIS = 8000;

    private static final int PAGE = 1000;
    private static final Duration TICK = Duration.ofMillis(50);
    private static final Duration LOAD_PATIENCE = Duration.ofSeconds(30);

    /** How long after its end Redis still has an entry: the clock of a node may be behind. */
    private static final long FORGET_AFTER_SECONDS = 600;

    /** How long Redis remembers a removal. Who was away for longer reads everything again. */
    private static final long REMOVAL_SECONDS = 3600;

    private final EngineTime time;
    private final Listener listener;
    private final RedisClock clock;
    private final RedisHealth health;
    private final Names names;
    private final NodeThreads threads;
    private final Link link;
    private final Scripts scripts;
    private boolean looked;
    private final List<Part> parts = new ArrayList<>();
    private final Map<String, Part> byTopic = new HashMap<>();

    /**
     * Something known by name.
     *
     * @param name what it is known by
     * @param value what is known, not empty; null if there is nothing any more
     * @param endsSeconds the second of the epoch from which on it may be forgotten, {@link #FOREVER} for never
     */
    public record Entry(String name, @Nullable String value, long endsSeconds) {
        /** Checks the value. */
        public Entry {
            requireNonNull(name, "name");
            if (value != null && value.isEmpty()) {
                throw new IllegalArgumentException("value: empty (expected: a text, or null for none)");
            }
        }
    }

    /** Hears of every entry there is, and of every change, on any node. Called on the thread of the map, one call at a time; must not block. */
    @FunctionalInterface
    public interface Listener {
        /** An entry is this now; it may have been this before. That an entry came to its end is not told. */
        void onEntry(Entry entry);
    }

    /**
     * Connects, and returns once the listener has heard of everything there is.
     *
     * @param options where Redis is
     * @param time the clocks of this node; what ends when goes by that of Redis, see {@link #epochMillis}
     * @param scriptListener watches the calls of scripts
     * @param daemons has the threads of the map
     * @param listener is told what is known
     * @throws UncheckedIOException if Redis cannot be reached
     * @throws IllegalArgumentException if the URL cannot be read
     */
    public static SharedMap open(
            RedisOptions options, EngineTime time, ScriptListener scriptListener, Daemons daemons, Listener listener) {
        SharedMap map;
        try {
            map = new SharedMap(options, new NodeThreads(daemons, THREADS, time), scriptListener, listener);
        } catch (RedisException e) {
            // What the client library says names the server, but not the password.
            throw NoConnection.because(e);
        }
        map.threads.startClock(TICK, map::onTick);
        try {
            Stages.done(map.parts.stream().map(part -> part.loaded).toList())
                    .get(LOAD_PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            map.close();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            map.close();
            throw new UncheckedIOException(new IOException("redis: what is kept there could not be read", e));
        }
        return map;
    }

    private SharedMap(RedisOptions options, NodeThreads threads, ScriptListener scriptListener, Listener listener) {
        this.threads = threads;
        time = threads.time();
        clock = new RedisClock(time);
        this.listener = listener;
        names = new Names(options.prefix(), options.partitions());
        for (int partition = 0; partition < options.partitions(); partition++) {
            Part part = new Part(partition);
            parts.add(part);
            byTopic.put(names.kept(partition), part);
        }
        link = open(options);
        scripts = new Scripts(link, scriptListener, options.partitions(), null);
        health = new RedisHealth("grants", link, null, this::unread, threads::lagMillis);
        byTopic.forEach((topic, part) -> link.follow(topic, part.partition));
    }

    private Link open(RedisOptions options) {
        try {
            return Link.open(options.link(), new Desk());
        } catch (RuntimeException e) {
            threads.close();
            throw e;
        }
    }

    /** Returns the part of a keyset; what belongs to a keyset is in one slot of a cluster. */
    private Part part(SubscribeKey key) {
        return parts.get(names.groupPartition(key));
    }

    /**
     * Puts entries of a keyset in the place of those of the same name, all of them or none. The stage is complete once Redis has them and
     * the listener has heard of them.
     */
    public CompletionStage<Void> put(SubscribeKey key, List<Entry> entries) {
        Part part = part(key);
        List<Entry> copy = List.copyOf(entries);
        CompletableFuture<Void> done = new CompletableFuture<>();
        keep(part, copy).whenComplete((times, failure) -> {
            if (failure != null) {
                done.completeExceptionally(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure);
                return;
            }
            threads.hub().execute(() -> {
                for (int i = 0; i < copy.size(); i++) {
                    part.learn(copy.get(i), times.number(i));
                }
                done.complete(null);
            });
        });
        return done;
    }

    private CompletableFuture<Reply> keep(Part part, List<Entry> entries) {
        List<String> arguments = new ArrayList<>(entries.size() * 3 + 2);
        arguments.add(Long.toString(FORGET_AFTER_SECONDS));
        arguments.add(Long.toString(REMOVAL_SECONDS));
        for (Entry entry : entries) {
            String ends = entry.endsSeconds() == FOREVER ? "inf" : Long.toString(entry.endsSeconds());
            arguments.add(entry.name());
            arguments.add(ends);
            arguments.add(entry.value() == null ? "" : ends + ' ' + entry.value());
        }
        return scripts.list(Script.KEEP, names.keep(part.partition), arguments.toArray(String[]::new));
    }

    /** Forgets what came to its end long ago; to be called every minute or so. */
    public void purge() {
        for (Part part : parts) {
            keep(part, List.of());
            threads.hub().execute(part::purge);
        }
    }

    /** Returns the milliseconds since the Unix epoch by the clock of Redis, which is the same for all nodes. */
    public long epochMillis() {
        return clock.epochMillis();
    }

    /** Returns how the map is kept in Redis at the moment. */
    public RedisHealth health() {
        return health;
    }

    /** Returns how many parts have not been read for too long. */
    private int unread() {
        long now = time.monotonicMillis();
        int unread = 0;
        for (Part part : parts) {
            if (now - part.readMillis > UNREAD_MILLIS) {
                unread++;
            }
        }
        return unread;
    }

    private void onTick(boolean second) {
        link.maintain();
        if (second) {
            health.maintain();
        }
        if (second || !looked) {
            looked = true;
            look();
        }
    }

    private void look() {
        threads.hub().execute(() -> parts.forEach(this::read));
    }

    /** Reads what the part does not know yet. Where that fails, the next look tries again. */
    private void read(Part part) {
        if (part.isReading) {
            part.readAgain = true;
            return;
        }
        part.isReading = true;
        part.readAgain = false;
        if (part.isDoubtful) {
            part.startOver();
        }
        scripts.list(
                        Script.KEPT,
                        names.readKept(part.partition),
                        Long.toString(part.cursor),
                        Integer.toString(PAGE),
                        part.before == null ? "0" : "1")
                .whenComplete((page, failure) -> threads.hub().execute(() -> {
                    part.isReading = false;
                    if (failure == null) {
                        onPage(part, page);
                    }
                }));
    }

    private void onPage(Part part, Reply page) {
        if (part.partition == 0) {
            // The clock of one master, so that all nodes go by the same one.
            clock.told(page.number(1));
        }
        if (part.isDoubtful || page.number(0) == 1) {
            part.isDoubtful = true;
            read(part);
            return;
        }
        for (int i = 2; i < page.size(); i += 3) {
            long changed = page.number(i + 1);
            part.learn(entry(page.text(i), page.text(i + 2)), changed);
            part.cursor = changed;
        }
        if (page.size() > 3 * PAGE) {
            read(part);
            return;
        }
        part.isComplete();
        if (part.readAgain) {
            read(part);
        }
    }

    private Entry entry(String name, String text) {
        if (text.isEmpty()) {
            return new Entry(name, null, clock.epochMillis() / 1000 + REMOVAL_SECONDS);
        }
        int blank = text.indexOf(' ');
        String ends = text.substring(0, blank);
        return new Entry(name, text.substring(blank + 1), ends.equals("inf") ? FOREVER : Long.parseLong(ends));
    }

    @Override
    public void close() {
        threads.close();
        link.close();
    }

    /** What is known of an entry. */
    private record Known(long changed, long endsSeconds, boolean isGone) {}

    /** What this node knows of a partition. Owned by the hub's thread. */
    private final class Part {
        private final int partition;
        private final CompletableFuture<Void> loaded = new CompletableFuture<>();
        private Map<String, Known> known = new HashMap<>();

        /** What was known before everything was read again; null but while that goes on. */
        private @Nullable Map<String, Known> before;

        /** The last change that was read. */
        private long cursor;

        /** When all there was had been read, by the node's monotonic clock. */
        private volatile long readMillis = time.monotonicMillis();

        private boolean isDoubtful = true;
        private boolean isReading;
        private boolean readAgain;

        Part(int partition) {
            this.partition = partition;
        }

        void startOver() {
            isDoubtful = false;
            cursor = 0;
            if (before == null) {
                before = known;
            } else {
                before.putAll(known);
            }
            known = new HashMap<>();
        }

        void learn(Entry entry, long changed) {
            Known already = known.get(entry.name());
            if (already == null || already.changed < changed) {
                known.put(entry.name(), new Known(changed, entry.endsSeconds(), entry.value() == null));
                listener.onEntry(entry);
            }
        }

        void isComplete() {
            Map<String, Known> lost = before;
            before = null;
            readMillis = time.monotonicMillis();
            if (lost != null) {
                lost.forEach((name, was) -> {
                    if (!was.isGone && !known.containsKey(name)) {
                        listener.onEntry(new Entry(name, null, was.endsSeconds));
                    }
                });
            }
            loaded.complete(null);
        }

        void purge() {
            long second = clock.epochMillis() / 1000 - FORGET_AFTER_SECONDS;
            known.values().removeIf(entry -> entry.endsSeconds <= second);
        }
    }

    /** Brings news to the hub's thread. */
    private final class Desk implements News {
        @Override
        public void onFollowing(String topic) {
            threads.hub().execute(() -> read(topic));
        }

        @Override
        public void onNews(String topic, byte[] news) {
            threads.hub().execute(() -> read(topic));
        }

        private void read(String topic) {
            Part part = byTopic.get(topic);
            if (part != null) {
                SharedMap.this.read(part);
            }
        }

        @Override
        public void onLost(Collection<String> topics) {
            List<String> lost = List.copyOf(topics);
            threads.hub()
                    .execute(() -> lost.forEach(topic -> {
                        Part part = byTopic.get(topic);
                        if (part != null) {
                            part.isDoubtful = true;
                        }
                    }));
        }
    }
}

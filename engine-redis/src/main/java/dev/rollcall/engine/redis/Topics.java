package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Message;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.engine.redis.link.Link;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node follows: the feeds its polls wait for, each filled from a stream and kept up by the news of it. Owned by the hub's
 * thread.
 */
final class Topics {
    /** How long a feed is kept up after its last poll was answered: most clients come back at once. */
    static final long IDLE_MILLIS = 60_000;

    private static final long WISH_AGAIN_MILLIS = 60_000;

    /** Bytes of the heap of a channel of a group, but for its name. */
    private static final int MEMBER = 72;

    /** Most readings at once, and how much of a stream one of them reads: what is on its way is a second's worth of a slow line. */
    private static final int MOST_READINGS = 16;

    private static final int READ_BYTES = 128 * 1024;

    private static final Logger log = LoggerFactory.getLogger(Topics.class);

    private final Link link;
    private final Scripts scripts;
    private final Names names;
    private final EngineTime time;
    private final Executor hub;
    private final Watermarks watermarks;
    private final MemoryBudget memory;
    private final Wildcards wildcards;
    private Predicate<SubscribeKey> causes = key -> false;
    private final Listener listener;
    /** Changed on the hub's thread only, read on any. */
    private final Map<String, Topic> topics = new ConcurrentHashMap<>();

    private final Map<FeedKey, Feed> feeds = new HashMap<>();
    private final Topic[] fences;
    private final RedisClock clock;

    /** What is followed and waits to be read. */
    private final Set<Topic> unread = new LinkedHashSet<>();

    /** How many readings there are, and may be. */
    private int reading;

    private int window = 4;
    private long wishedAt;

    Topics(Store store, EngineTime time, Executor hub, Watermarks watermarks, Listener listener) {
        link = store.link();
        scripts = store.scripts();
        names = store.names();
        clock = store.clock();
        memory = store.memory();
        wildcards = new Wildcards(store);
        this.time = time;
        this.hub = hub;
        this.watermarks = watermarks;
        this.listener = listener;
        fences = new Topic[names.partitions()];
        watermarks.hearOn(partition -> {
            Topic fence = fences[partition];
            return fence != null && fence.isLive();
        });
        wishedAt = time.monotonicMillis();
    }

    /** What happens to feeds. */
    interface Listener {
        /** Everything of the feed is known now, after the start or after a loss. */
        void onLive(Feed feed);

        /** The feed cannot be read: there is no room for it, or one too many is wanted. Tried again as long as the feed is there. */
        void onRefused(Feed feed, ProtocolException refusal);

        /** There is a new message. */
        void onMessage(Feed feed, Message message);

        /** A node asks whether there is another subscribe of a user. */
        void onQuestion(Feed feed, UserId user);

        /** Something changed that is told on a topic without a feed; not known when, if {@code timetoken} is 0. */
        void onChange(Topic topic, long timetoken);

        /** A partition is known to be complete further than before. */
        void onAdvance(List<ParkedPoll> polls);
    }

    private record FeedKey(SubscribeKey key, Channel channel, boolean ofPresence) {}

    /**
     * Returns the feed of what is wanted, followed from now on.
     *
     * @throws dev.rollcall.protocol.ProtocolException if there is none yet, and no room for another
     */
    Feed feed(SubscribeKey key, Interest wanted) {
        boolean wildcard = wanted.channel().isWildcard();
        FeedKey feedKey = new FeedKey(key, wanted.channel(), wanted.ofPresence() && !wildcard);
        Feed feed = feeds.get(feedKey);
        if (feed != null) {
            feed.trim(clock.epochMillis());
        } else {
            feed = new Feed(key, wanted.channel(), wildcard, wildcard ? names.partitions() : 1, memory);
            feed.idleSince = time.monotonicMillis();
            feeds.put(feedKey, feed);
            String name = wanted.channel().name();
            if (wildcard) {
                for (int partition = 0; partition < names.partitions(); partition++) {
                    String stream = names.wildcard(partition, key, name);
                    feed.topics.add(new Topic(stream, partition, feed, names.wish(partition, key, name)));
                }
            } else {
                String stream = wanted.ofPresence() ? names.events(key, name) : names.messages(key, name);
                feed.topics.add(new Topic(stream, names.partition(key, name), feed, null));
            }
            feed.topics.forEach(this::follow);
        }
        return feed;
    }

    /** Returns how many polls listen to what is published in a channel, or to its presence. */
    int listeners(SubscribeKey key, Channel channel, boolean toPresence) {
        Feed feed = feeds.get(new FeedKey(key, channel, toPresence && !channel.isWildcard()));
        return feed == null ? 0 : feed.listeners(toPresence);
    }

    /**
     * Returns the topic of changes of a channel group, followed from now on.
     *
     * @throws dev.rollcall.protocol.ProtocolException if there is none yet, and no room for another
     */
    Topic group(SubscribeKey key, String group) {
        String name = names.group(key, group);
        Topic topic = topics.get(name);
        if (topic == null) {
            memory.require(MemoryKind.FEEDS, Feed.TOPIC);
            topic = new Topic(name, names.groupPartition(key), null, null);
            hold(topic, Feed.TOPIC);
            topic.group = group;
            topic.idleSince = time.monotonicMillis();
            follow(topic);
        }
        return topic;
    }

    /** Notes which channels a group has, which all its polls share. */
    void setMembers(Topic topic, List<Channel> members) {
        topic.members = members;
        if (topics.get(topic.name) == topic) {
            long bytes = Feed.TOPIC;
            for (Channel member : members) {
                bytes += MEMBER + member.name().length();
            }
            hold(topic, bytes);
        }
    }

    private void hold(Topic topic, long bytes) {
        memory.add(MemoryKind.FEEDS, bytes - topic.held);
        topic.held = bytes;
    }

    /** Notes that a client of this node was told that their message stands at a position of a stream. Safe from any thread. */
    void acknowledge(String stream, long timetoken) {
        Topic topic = topics.get(stream);
        if (topic != null) {
            topic.acknowledge(timetoken);
        }
    }

    private void follow(Topic topic) {
        if (fences[topic.partition] == null) {
            Topic fence = new Topic(names.fences(topic.partition), topic.partition, null, null);
            fences[topic.partition] = fence;
            topics.put(fence.name, fence);
            link.follow(fence.name, fence.partition);
        }
        topics.put(topic.name, topic);
        link.follow(topic.name, topic.partition);
    }

    private void drop(Topic topic) {
        if (topics.remove(topic.name, topic)) {
            hold(topic, 0);
            link.unfollow(topic.name);
        }
    }

    void onFollowing(String name) {
        Topic topic = topics.get(name);
        if (topic == null) {
            return;
        }
        topic.followed = true;
        if (topic.feed != null) {
            readLater(topic);
            return;
        }
        boolean again = topic.generation > 0;
        topic.goLive();
        if (isFence(topic)) {
            watermarks.onHeard(topic.partition);
        }
        if (again && !isFence(topic)) {
            listener.onChange(topic, 0);
        }
    }

    private boolean isOfGroup(Topic topic) {
        return topic.feed == null && !isFence(topic);
    }

    private boolean isFence(Topic topic) {
        return fences[topic.partition] == topic;
    }

    /** Has a topic read when its turn comes. */
    private void readLater(Topic topic) {
        if (topic.feed != null && !topic.reading && !topic.isLive() && topic.followed) {
            unread.add(topic);
            readNext();
        }
    }

    private void readNext() {
        while (reading < window && !unread.isEmpty()) {
            Topic topic = unread.iterator().next();
            unread.remove(topic);
            if (topic.feed != null && topic.followed && !topic.isLive() && topics.get(topic.name) == topic) {
                read(topic, topic.feed);
            }
        }
    }

    private void read(Topic topic, Feed feed) {
        topic.reading = true;
        reading++;
        int generation = topic.generation;
        CompletableFuture<Reply> read = feed.wildcard
                ? wildcards.follow(feed.key, feed.channel, topic.partition, topic.from / 10, READ_BYTES)
                : follow(
                        new byte[][] {names.last(topic.partition), Names.bytes(topic.name)},
                        topic.from / 10,
                        READ_BYTES);
        read.whenComplete((reply, failure) -> hub.execute(() -> {
            topic.reading = false;
            reading--;
            if (failure != null
                    && feed.wildcard
                    && Scripts.cause(failure) instanceof ProtocolException refusal
                    && (refusal == Scripts.NO_ROOM || refusal.code() == ErrorCode.RATE_LIMITED)) {
                listener.onRefused(feed, refusal);
            } else if (failure != null) {
                // Whoever is slow is asked for less at once. The topic's turn comes again with the next look.
                window = Math.max(1, window / 2);
            } else {
                window = Math.min(MOST_READINGS, window + 1);
                if (generation == topic.generation) {
                    fill(topic, feed, reply);
                } else {
                    readLater(topic);
                }
            }
            readNext();
        }));
    }

    private void fill(Topic topic, Feed feed, Reply reply) {
        for (byte[] entry : reply.list(1)) {
            topic.from = Math.max(topic.from, FeedCodec.timetoken(entry));
            Message message = decoded(feed, entry);
            if (message != null) {
                feed.add(message);
            }
        }
        if (reply.number(2) == 1) {
            readLater(topic);
            return;
        }
        topic.readTo = Math.max(topic.readTo, reply.timetoken(0));
        if (!topic.isLive()) {
            topic.goLive();
        }
        if (feed.isLive()) {
            listener.onLive(feed);
        }
    }

    void onNews(String name, byte[] news) {
        Topic topic = topics.get(name);
        if (topic == null) {
            return;
        }
        long timetoken = scripts.heard(FeedCodec.timetoken(news));
        Feed feed = topic.feed;
        if (feed == null) {
            if (!isFence(topic)) {
                listener.onChange(topic, timetoken);
            }
        } else {
            UserId asked = FeedCodec.disconnected(news);
            Message message = asked == null ? decoded(feed, news) : null;
            if (asked != null) {
                listener.onQuestion(feed, asked);
            } else if (message != null) {
                boolean isNew = feed.add(message);
                // One message may be told on several wildcards, and last of all on its channel.
                long known = feed.wildcard ? timetoken - 1 : timetoken;
                topic.readTo = Math.max(topic.readTo, timetoken);
                List<ParkedPoll> waiting = watermarks.advance(topic.partition, known);
                if (isNew) {
                    listener.onMessage(feed, message);
                } else {
                    // A reading has overtaken the news of it.
                    listener.onLive(feed);
                }
                listener.onAdvance(waiting);
                return;
            }
            timetoken--;
        }
        listener.onAdvance(watermarks.advance(topic.partition, timetoken));
    }

    /** Says in which keysets clients are told causes; before, it is in none. */
    void tellCausesIf(Predicate<SubscribeKey> wanted) {
        causes = wanted;
    }

    private @Nullable Message decoded(Feed feed, byte[] news) {
        try {
            return feed.wildcard
                    ? FeedCodec.decodeWildcard(feed.key, causes.test(feed.key), news)
                    : FeedCodec.decode(feed.key, feed.channel, causes.test(feed.key), news);
        } catch (RuntimeException e) {
            log.error("unreadable message channel={}", feed.channel, e);
            return null;
        }
    }

    /** News of these topics may have been missed. */
    void onLost(List<String> lost) {
        for (String name : lost) {
            Topic topic = topics.get(name);
            if (topic != null) {
                topic.lose(watermarks.known()[topic.partition], false);
                watermarks.startOver(topic.partition);
            }
        }
    }

    /** News was dropped because this node could not keep up: everything is read again. */
    void onDropped() {
        log.warn("news came faster than it could be told; everything is read again topics={}", topics.size());
        for (Topic topic : List.copyOf(topics.values())) {
            if (topic.feed != null) {
                topic.lose(watermarks.known()[topic.partition], topic.followed);
                readLater(topic);
            } else if (isOfGroup(topic)) {
                listener.onChange(topic, 0);
            }
        }
    }

    /** A partition has lost everything that was stored there. */
    void onRestart(int partition) {
        wish(partition);
        for (Topic topic : List.copyOf(topics.values())) {
            if (topic.partition == partition && isOfGroup(topic)) {
                listener.onChange(topic, 0);
            }
        }
    }

    /** Reads again what could not be read, forgets feeds that nobody waits for, keeps wishes up. To be called every second or so. */
    void maintain() {
        long now = time.monotonicMillis();
        long idleMillis = memory.isNear(MemoryKind.FEEDS) || memory.isNear(MemoryKind.MESSAGES) ? 0 : IDLE_MILLIS;
        feeds.values().removeIf(feed -> {
            if (!feed.subscriptions.isEmpty() || now - feed.idleSince < idleMillis) {
                return false;
            }
            feed.topics.forEach(this::drop);
            feed.forget();
            return true;
        });
        for (Topic topic : topics.values()) {
            if (isOfGroup(topic) && topic.polls.isEmpty() && now - topic.idleSince >= idleMillis) {
                drop(topic);
            }
        }
        long epochMillis = clock.epochMillis();
        for (Feed feed : feeds.values()) {
            feed.trim(epochMillis);
            feed.topics.forEach(this::readLater);
        }
        readNext();
        if (now - wishedAt >= WISH_AGAIN_MILLIS) {
            wishedAt = now;
            for (int partition = 0; partition < names.partitions(); partition++) {
                wish(partition);
            }
        }
    }

    private CompletableFuture<Reply> follow(byte[][] keys, long fromMicros, int bytes) {
        return scripts.list(
                Script.FOLLOW,
                keys,
                Long.toString(Wildcards.WISH_MILLIS),
                Long.toString(fromMicros),
                Integer.toString(bytes));
    }

    private void wish(int partition) {
        wildcards.wish(partition, feeds.values());
    }

    Wildcards wildcards() {
        return wildcards;
    }

    Iterable<Feed> feeds() {
        return feeds.values();
    }

    /** Returns whether something is followed that is not yet known. */
    boolean hasUnread() {
        for (Topic topic : topics.values()) {
            if (!topic.isLive()) {
                return true;
            }
        }
        return false;
    }

    /** Returns the partitions in which something is followed. */
    List<Integer> followed() {
        List<Integer> partitions = new ArrayList<>();
        for (int partition = 0; partition < fences.length; partition++) {
            if (fences[partition] != null) {
                partitions.add(partition);
            }
        }
        return partitions;
    }
}

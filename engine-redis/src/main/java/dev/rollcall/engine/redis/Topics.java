package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Message;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
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

    /** How long a wildcard is recorded after it was last asked for. */
    static final long WISH_MILLIS = Feed.RETENTION.toMillis() + 10 * 60_000;

    private static final long WISH_AGAIN_MILLIS = 5 * 60_000;
    private static final Logger log = LoggerFactory.getLogger(Topics.class);

    private final Link link;
    private final Scripts scripts;
    private final Names names;
    private final EngineTime time;
    private final Executor hub;
    private final Watermarks watermarks;
    private final Listener listener;
    /** Changed on the hub's thread only, read on any. */
    private final Map<String, Topic> topics = new ConcurrentHashMap<>();

    private final Map<FeedKey, Feed> feeds = new HashMap<>();
    private final Topic[] fences;
    private long wishedAt;

    Topics(
            Link link,
            Scripts scripts,
            Names names,
            EngineTime time,
            Executor hub,
            Watermarks watermarks,
            Listener listener) {
        this.link = link;
        this.scripts = scripts;
        this.names = names;
        this.time = time;
        this.hub = hub;
        this.watermarks = watermarks;
        this.listener = listener;
        fences = new Topic[names.partitions()];
        wishedAt = time.monotonicMillis();
    }

    /** What happens to feeds. */
    interface Listener {
        /** Everything of the feed is known now, after the start or after a loss. */
        void onLive(Feed feed);

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

    /** Returns the feed of what is wanted, followed from now on. */
    Feed feed(SubscribeKey key, Wanted wanted) {
        boolean wildcard = wanted.channel().isWildcard();
        FeedKey feedKey = new FeedKey(key, wanted.channel(), wanted.ofPresence() && !wildcard);
        Feed feed = feeds.get(feedKey);
        if (feed != null) {
            feed.trim(time.epochMillis());
        } else {
            feed = new Feed(key, wanted.channel(), wildcard);
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

    /** Returns the topic of changes of a channel group, followed from now on. */
    Topic group(SubscribeKey key, String group) {
        String name = names.group(key, group);
        Topic topic = topics.get(name);
        if (topic == null) {
            topic = new Topic(name, names.groupPartition(key), null, null);
            topic.idleSince = time.monotonicMillis();
            follow(topic);
        }
        return topic;
    }

    /** Notes that a client of this node was told that his message stands at a position of a stream. Safe from any thread. */
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
            link.follow(fence.name);
        }
        topics.put(topic.name, topic);
        link.follow(topic.name);
    }

    private void drop(Topic topic) {
        if (topics.remove(topic.name, topic)) {
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
            read(topic);
            return;
        }
        boolean again = topic.generation > 0;
        topic.goLive();
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

    private void read(Topic topic) {
        Feed feed = topic.feed;
        if (feed == null || topic.reading) {
            return;
        }
        topic.reading = true;
        int generation = topic.generation;
        byte[][] keys = topic.wish == null
                ? new byte[][] {names.last(topic.partition), Names.bytes(topic.name)}
                : new byte[][] {names.last(topic.partition), Names.bytes(topic.name), Names.bytes(topic.wish)};
        scripts.list(Script.FOLLOW, keys, Long.toString(WISH_MILLIS))
                .whenComplete((reply, failure) -> hub.execute(() -> {
                    topic.reading = false;
                    if (failure == null && generation == topic.generation) {
                        fill(topic, feed, reply);
                    }
                }));
    }

    private void fill(Topic topic, Feed feed, Reply reply) {
        for (byte[] entry : reply.list(1)) {
            Message message = decoded(feed, entry);
            if (message != null) {
                feed.add(message);
            }
        }
        topic.readTo = Math.max(topic.readTo, reply.timetoken(0));
        if (!topic.isLive()) {
            topic.goLive();
            if (feed.isLive()) {
                listener.onLive(feed);
            }
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
            } else if (message != null && feed.add(message)) {
                // One message may be told on several wildcards, and last of all on its channel.
                long known = feed.wildcard ? timetoken - 1 : timetoken;
                topic.readTo = Math.max(topic.readTo, timetoken);
                List<ParkedPoll> waiting = watermarks.advance(topic.partition, known);
                listener.onMessage(feed, message);
                listener.onAdvance(waiting);
                return;
            }
            timetoken--;
        }
        listener.onAdvance(watermarks.advance(topic.partition, timetoken));
    }

    private static @Nullable Message decoded(Feed feed, byte[] news) {
        try {
            return feed.wildcard
                    ? FeedCodec.decodeWildcard(feed.key, news)
                    : FeedCodec.decode(feed.key, feed.channel, news);
        } catch (RuntimeException e) {
            log.error("unreadable message channel={}", feed.channel, e);
            return null;
        }
    }

    /** News may have been missed of everything that is followed. */
    void onLost() {
        topics.values().forEach(Topic::lose);
    }

    /** Reads again what could not be read, forgets feeds that nobody waits for, keeps wishes up. To be called every second or so. */
    void tend() {
        long now = time.monotonicMillis();
        feeds.values().removeIf(feed -> {
            if (!feed.subscriptions.isEmpty() || now - feed.idleSince < IDLE_MILLIS) {
                return false;
            }
            feed.topics.forEach(this::drop);
            return true;
        });
        for (Topic topic : topics.values()) {
            if (isOfGroup(topic) && topic.polls.isEmpty() && now - topic.idleSince >= IDLE_MILLIS) {
                drop(topic);
            }
        }
        long epochMillis = time.epochMillis();
        feeds.values().forEach(feed -> feed.trim(epochMillis));
        boolean wish = now - wishedAt >= WISH_AGAIN_MILLIS;
        if (wish) {
            wishedAt = now;
        }
        for (Feed feed : feeds.values()) {
            for (Topic topic : feed.topics) {
                if (wish && topic.isLive() && topic.wish != null) {
                    read(topic);
                }
            }
        }
    }

    /** Reads what is followed but not yet known; for when a reading failed. What is not followed yet is read once it is. */
    void readAgain(Feed feed) {
        for (Topic topic : feed.topics) {
            if (topic.followed && !topic.isLive()) {
                read(topic);
            }
        }
    }

    /** Starts to record a wildcard, and returns positions before anything that will be recorded. */
    CompletableFuture<List<Long>> wish(SubscribeKey key, Channel wildcard) {
        List<CompletableFuture<Long>> positions = new ArrayList<>();
        for (int partition = 0; partition < names.partitions(); partition++) {
            byte[][] keys = {
                names.last(partition),
                Names.bytes(names.wildcard(partition, key, wildcard.name())),
                Names.bytes(names.wish(partition, key, wildcard.name()))
            };
            positions.add(scripts.list(Script.FOLLOW, keys, Long.toString(WISH_MILLIS))
                    .thenApply(reply -> reply.timetoken(0)));
        }
        return Stages.all(positions);
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

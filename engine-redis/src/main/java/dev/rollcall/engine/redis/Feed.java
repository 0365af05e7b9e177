package dev.rollcall.engine.redis;

import dev.rollcall.engine.Delivery;
import dev.rollcall.engine.Message;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.Timetoken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows of the feed of a channel, a presence channel or a wildcard, and the polls that wait there. That of a wildcard has
 * one topic in each partition. Owned by the hub's thread.
 */
final class Feed {
    /** Most messages kept. */
    static final int CAPACITY = 100;

    /** Most bytes of messages kept; the newest message is kept whatever its size. */
    static final long BYTES = 8L * 1024 * 1024;

    /** How long a message is kept. */
    static final Duration RETENTION = Duration.ofMinutes(20);

    /** Bytes of the heap: of an empty one, of a topic that is followed, of a message but for its text. */
    private static final int FEED = 420;

    static final int TOPIC = 700;
    private static final int MESSAGE = 240;

    final SubscribeKey key;
    final Channel channel;
    final boolean wildcard;
    final List<Topic> topics = new ArrayList<>(1);
    final LinkedHashSet<Subscription> subscriptions = new LinkedHashSet<>();

    /** How many of the subscriptions are to its presence alone; where it is a wildcard's they are among the others. */
    private int ofPresence;

    /** Since when no poll has waited here, in milliseconds of the monotonic clock. */
    long idleSince;

    private final List<Message> messages = new ArrayList<>();
    private final MemoryBudget memory;
    private final long footprint;
    private long bytes;

    /** The timetoken of the newest message dropped. */
    private long dropped;

    /**
     * Makes an empty one, counted in {@code memory} until it is forgotten.
     *
     * @throws dev.rollcall.protocol.ProtocolException if there is no room for it
     */
    Feed(SubscribeKey key, Channel channel, boolean wildcard, int topicCount, MemoryBudget memory) {
        this.memory = memory;
        footprint = FEED + (long) topicCount * TOPIC;
        memory.require(MemoryKind.FEEDS, footprint);
        memory.add(MemoryKind.FEEDS, footprint);
        this.key = key;
        this.channel = channel;
        this.wildcard = wildcard;
    }

    void add(Subscription subscription) {
        if (subscriptions.add(subscription) && subscription.wanted.ofPresence()) {
            ofPresence++;
        }
    }

    void remove(Subscription subscription) {
        if (subscriptions.remove(subscription) && subscription.wanted.ofPresence()) {
            ofPresence--;
        }
    }

    /** Returns how many polls listen to what is published here, or to its presence. */
    int listeners(boolean toPresence) {
        return toPresence ? ofPresence : subscriptions.size() - ofPresence;
    }

    int messageCount() {
        return messages.size();
    }

    boolean isLive() {
        for (Topic topic : topics) {
            if (!topic.isLive()) {
                return false;
            }
        }
        return true;
    }

    /** Returns the timetoken up to which everything there is has arrived here. */
    long knownTo(long[] watermarks) {
        long known = Long.MAX_VALUE;
        for (Topic topic : topics) {
            known = Math.min(known, Math.max(topic.readTo, watermarks[topic.partition]));
        }
        return known;
    }

    /** Returns up to which timetoken a client that asks now must be shown everything. */
    long acknowledged() {
        long acknowledged = 0;
        for (Topic topic : topics) {
            acknowledged = Math.max(acknowledged, topic.acknowledged());
        }
        return acknowledged;
    }

    /** Puts a message in its place and returns whether it is new. */
    boolean add(Message message) {
        int at = messages.size();
        while (at > 0 && messages.get(at - 1).timetoken() > message.timetoken()) {
            at--;
        }
        for (int i = at; i > 0 && messages.get(i - 1).timetoken() == message.timetoken(); i--) {
            if (messages.get(i - 1).channel().equals(message.channel())) {
                return false;
            }
        }
        messages.add(at, message);
        bytes += message.envelope().size();
        memory.add(MemoryKind.MESSAGES, MESSAGE + message.envelope().size());
        while (messages.size() > CAPACITY || bytes > BYTES && messages.size() > 1) {
            dropOldest();
        }
        while (messages.size() > 1 && memory.isFull(MemoryKind.MESSAGES)) {
            dropOldest();
            memory.forgot(MemoryKind.MESSAGES);
        }
        return true;
    }

    /** Takes it off what is held. It is not used any more. */
    void forget() {
        memory.add(MemoryKind.MESSAGES, -bytes - (long) messages.size() * MESSAGE);
        memory.add(MemoryKind.FEEDS, -footprint);
    }

    private void dropOldest() {
        Message oldest = messages.remove(0);
        bytes -= oldest.envelope().size();
        memory.add(MemoryKind.MESSAGES, -MESSAGE - oldest.envelope().size());
        dropped = Math.max(dropped, oldest.timetoken());
    }

    /**
     * Returns whether something came after {@code cursor} that is no longer kept. A node that read the stream late has not seen what was dropped
     * from it; a stream that is full and begins after the cursor had more.
     */
    boolean hasLost(long cursor) {
        return dropped > cursor
                || messages.size() == CAPACITY && messages.get(0).timetoken() > cursor;
    }

    /** Adds to {@code found} what came after {@code cursor}. */
    void collect(long cursor, Subscription subscription, List<Delivery> found) {
        int from = messages.size();
        while (from > 0 && messages.get(from - 1).timetoken() > cursor) {
            from--;
        }
        for (Message message : messages.subList(from, messages.size())) {
            if (subscription.takes(message)) {
                found.add(new Delivery(message, subscription.matchOf(message)));
            }
        }
    }

    /** Drops what was published before the retention time. */
    void trim(long epochMillis) {
        long horizon = Timetoken.ofEpochMillis(Math.max(0, epochMillis - RETENTION.toMillis()))
                .value();
        while (!messages.isEmpty() && messages.get(0).timetoken() <= horizon) {
            dropOldest();
        }
    }

    /** One name that a poll listens to. */
    static final class Subscription {
        final ParkedPoll poll;
        final Feed feed;
        final Interest wanted;

        /** Whether the name stays unsaid for what is published under that very name. */
        private final boolean silent;

        Subscription(ParkedPoll poll, Feed feed, Interest wanted) {
            this.poll = poll;
            this.feed = feed;
            this.wanted = wanted;
            this.silent = poll.subscribe.isSingle() && wanted.ofPresence();
        }

        boolean takes(Message message) {
            return !feed.wildcard || !wanted.ofPresence() || message.type() == MessageType.PRESENCE;
        }

        /** Returns what the answer tells of where {@code message} matched, null for nothing. */
        @Nullable
        String matchOf(Message message) {
            String match = wanted.match();
            return silent && message.channel().name().equals(match) ? null : match;
        }
    }
}

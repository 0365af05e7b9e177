package dev.rollcall.engine.embedded;

import dev.rollcall.engine.Message;
import org.jspecify.annotations.Nullable;

/**
 * One name that a waiting poll listens to: its place in a feed. Guarded by the lock of the feed.
 */
final class Subscription {
    final ParkedPoll poll;
    final Feed feed;

    /** The name in the request that led here, or null where answers do not tell it. */
    final @Nullable String match;

    /** Whether {@link #match} stays unsaid for what is published under that very name. */
    private final boolean silent;

    /**
     * What the poll stands for in this channel: the presence of its user, perhaps ended by now; null if it never stood for any. Guarded by
     * the lock of the channel's shard.
     */
    @Nullable
    Lease lease;

    @Nullable
    Subscription previous;

    @Nullable
    Subscription next;

    Subscription(ParkedPoll poll, Feed feed, @Nullable String match, boolean silent) {
        this.poll = poll;
        this.feed = feed;
        this.match = match;
        this.silent = silent;
    }

    /** Lets the poll stand for a lease. Lock of the lease's shard held. */
    void standFor(Lease present) {
        lease = present;
        present.polls++;
    }

    /** Returns what the answer tells of where {@code message} matched, null for nothing. */
    @Nullable
    String matchOf(Message message) {
        return silent && message.channel().name().equals(match) ? null : match;
    }
}

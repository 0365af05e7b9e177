package dev.rollcall.engine.embedded.feed;

import dev.rollcall.engine.Message;
import org.jspecify.annotations.Nullable;

/**
 * One name that a waiting poll listens to: its place in a feed. The links are guarded by the lock of the feed.
 */
public final class Subscription {
    public final ParkedPoll poll;
    final Feed feed;

    /** The name in the request that led here, or null where answers do not tell it. */
    final @Nullable String match;

    /** Whether {@link #match} stays unsaid for what is published under that very name. */
    private final boolean silent;

    /**
     * What the poll stands for in this channel: the presence of its user, perhaps ended by now; null if it never stood for any. Guarded by
     * the lock of the feed's home shard.
     */
    @Nullable
    public Stay stay;

    @Nullable
    Subscription previous;

    @Nullable
    Subscription next;

    public Subscription(ParkedPoll poll, Feed feed, @Nullable String match, boolean silent) {
        this.poll = poll;
        this.feed = feed;
        this.match = match;
        this.silent = silent;
    }

    /** Returns the name in the request that led here, or null where answers do not tell it. */
    public @Nullable String match() {
        return match;
    }

    /** Takes the poll out of the feed, and what it stood for with it. No lock held. */
    void unlink(End how, long now) {
        ShardCore home = feed.home();
        if (feed instanceof WildcardFeed wildcard) {
            // Two steps, for whoever goes may be announced, and that takes the locks of wildcards, this one's too.
            wildcard.unlink(this);
            home.enter();
            try {
                pollEnded(how, now);
            } finally {
                home.exit();
            }
            return;
        }
        home.enter();
        try {
            unlinkHere(how, now);
        } finally {
            home.exit();
        }
    }

    /** Takes the poll out of the feed of a channel, and what it stood for with it. Lock of the channel's shard held. */
    void unlinkHere(End how, long now) {
        feed.waiters.unlink(this);
        try {
            pollEnded(how, now);
        } finally {
            if (feed instanceof ChannelFeed channelFeed) {
                channelFeed.dropIfUnused();
            }
        }
    }

    private void pollEnded(End how, long now) {
        Stay present = stay;
        if (present != null) {
            present.pollEnded(how, now);
        }
    }

    /** Returns what the answer tells of where {@code message} matched, null for nothing. */
    @Nullable
    String matchOf(Message message) {
        return silent && message.channel().name().equals(match) ? null : match;
    }
}

package dev.rollcall.engine.embedded.feed;

import dev.rollcall.engine.embedded.account.KeysetAccount;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import org.jspecify.annotations.Nullable;

/**
 * The feeds of a shard's channels in the order in which they were last published to or asked for, so that where memory is short the oldest
 * is forgotten first. Guarded by the lock of the shard.
 */
public final class RecentFeeds {
    private @Nullable ChannelFeed oldest;
    private @Nullable ChannelFeed newest;

    void add(ChannelFeed feed) {
        feed.older = newest;
        if (newest == null) {
            oldest = feed;
        } else {
            newest.newer = feed;
        }
        newest = feed;
    }

    void remove(ChannelFeed feed) {
        ChannelFeed older = feed.older;
        ChannelFeed newer = feed.newer;
        if (older == null) {
            oldest = newer;
        } else {
            older.newer = newer;
        }
        if (newer == null) {
            newest = older;
        } else {
            newer.older = older;
        }
        feed.older = null;
        feed.newer = null;
    }

    /** Notes that a feed was used. */
    @SuppressWarnings("ReferenceEquality") // a feed is equal to itself only
    void touch(ChannelFeed feed) {
        if (feed != newest) {
            remove(feed);
            add(feed);
        }
    }

    /**
     * Forgets the oldest messages, and idle feeds without any, for as long as {@code memory} is near its end or has no room for a message.
     *
     * @param bytes of the message, 0 for none
     * @param most feeds looked at
     * @return whether it is worth while to look at more at once: something was forgotten, and it was not enough. Feeds in use are no reason,
     *     however many they are
     */
    public boolean forget(MemoryBudget memory, long bytes, int most, long now) {
        boolean anyForgotten = false;
        for (int looked = 0; looked < most; looked++) {
            boolean tooManyMessages = memory.isNear(MemoryKind.MESSAGES) || !memory.fits(MemoryKind.MESSAGES, bytes);
            boolean tooManyFeeds = memory.isNear(MemoryKind.FEEDS);
            ChannelFeed feed = oldest;
            if (feed == null || !tooManyMessages && !tooManyFeeds) {
                return false;
            }
            // Whether or not there was something to forget: the next time it is the turn of another.
            touch(feed);
            if (tooManyMessages) {
                anyForgotten |= feed.forgetMessages();
            }
            if (tooManyFeeds) {
                anyForgotten |= feed.forgetIfIdle(now);
            }
        }
        return anyForgotten;
    }

    /**
     * Forgets messages of a keyset that keeps too much, the oldest first.
     *
     * @param most feeds looked at
     */
    public void forget(KeysetAccount keyset, long bytes, int most) {
        for (int looked = 0; looked < most && keyset.keepsTooMuch(bytes); looked++) {
            ChannelFeed feed = oldest;
            if (feed == null) {
                return;
            }
            touch(feed);
            if (feed.keyset().key.equals(keyset.key)) {
                feed.forgetMessages();
            }
        }
    }
}

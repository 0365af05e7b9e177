package dev.rollcall.engine.embedded;

import dev.rollcall.engine.memory.MemoryKind;
import org.jspecify.annotations.Nullable;

/**
 * The feed of one channel, or of its presence channel. Guarded by the shard's lock. The feed of a channel lasts as long as it holds a
 * message or a poll; the feed of a presence channel also for the retention time after anybody asked for it, because presence events are
 * only kept where there is one.
 */
final class ChannelFeed extends Feed {
    private final ChannelEntry entry;
    private final boolean ofPresence;
    private long wantedUntil;

    /** Its neighbours in {@link RecentFeeds}. */
    @Nullable
    ChannelFeed older;

    @Nullable
    ChannelFeed newer;

    ChannelFeed(ChannelEntry entry, boolean ofPresence) {
        super(entry.keyset);
        this.entry = entry;
        this.ofPresence = ofPresence;
    }

    /** Has it counted and known to whoever forgets the oldest. Lock of the shard held. */
    void begin() {
        entry.shard.recent.add(this);
        entry.keyset.memory.add(MemoryKind.FEEDS, footprint());
    }

    private void end() {
        entry.shard.recent.remove(this);
        entry.keyset.memory.add(MemoryKind.FEEDS, -footprint());
    }

    /** A feed of messages is counted with the messages or the polls that it is there for. */
    private long footprint() {
        return ofPresence ? Footprint.FEED + Footprint.of(entry.channel.name()) : 0;
    }

    Keyset keyset() {
        return entry.keyset;
    }

    /** Forgets half of its messages. */
    void forgetMessages() {
        for (int messages = ring.forgetHalf(); messages > 0; messages--) {
            entry.keyset.memory.forgot(MemoryKind.MESSAGES);
        }
    }

    /** Forgets that somebody will come back to it, and with that itself, if it is the feed of a presence channel and nobody waits. */
    void forgetIfIdle(long now) {
        if (ofPresence && waiters.isEmpty()) {
            ring.clear();
            wantedUntil = now;
            entry.shard.wheel.cancel(this);
            entry.keyset.memory.forgot(MemoryKind.FEEDS);
            dropIfUnused();
        }
    }

    @Override
    void enter() {
        entry.shard.enter();
    }

    @Override
    void exit() {
        entry.shard.exit();
    }

    @Override
    Shard home() {
        return entry.shard;
    }

    /** Notes that somebody asked for this feed at {@code now}. */
    void want(long now) {
        if (ofPresence) {
            wantedUntil = now + MessageRing.RETENTION_MILLIS;
            entry.shard.recent.touch(this);
            keep(now);
        }
    }

    /** Returns for how many milliseconds the feed is kept for whoever asked for it, negative if no more. */
    long wantedFor(long now) {
        return wantedUntil - now;
    }

    /**
     * Takes up again what a snapshot held: messages appended before, and for how long somebody wants the feed.
     *
     * @return whether there is reason to keep it
     */
    boolean restored(long wantedFor, long now) {
        wantedUntil = now + wantedFor;
        ring.trim(entry.shard.time.epochMillis());
        if (ring.count() == 0 && !(ofPresence && wantedFor > 0)) {
            return false;
        }
        begin();
        entry.shard.wheel.schedule(this, now + MessageRing.RETENTION_MILLIS / 2);
        return true;
    }

    /** Has the feed looked at again after the retention time. */
    void keep(long now) {
        if (!isScheduled()) {
            entry.shard.wheel.schedule(this, now + MessageRing.RETENTION_MILLIS);
        }
    }

    /** Drops the feed if there is no more reason for it. */
    void dropIfUnused() {
        if (!waiters.isEmpty() || ring.count() > 0 || isScheduled()) {
            return;
        }
        end();
        if (ofPresence) {
            entry.presence = null;
        } else {
            entry.messages = null;
        }
        entry.shard.dropIfEmpty(entry);
    }

    @Override
    void onDue(long now) {
        ring.trim(entry.shard.time.epochMillis());
        if (ring.count() > 0 || ofPresence && wantedUntil - now > 0) {
            // Half the retention time: a message is gone at most that much later than it should be.
            entry.shard.wheel.schedule(this, now + MessageRing.RETENTION_MILLIS / 2);
        } else if (ofPresence && !waiters.isEmpty()) {
            keep(now);
        } else {
            dropIfUnused();
        }
    }
}

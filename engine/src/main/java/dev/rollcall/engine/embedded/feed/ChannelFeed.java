package dev.rollcall.engine.embedded.feed;

import dev.rollcall.engine.embedded.account.Footprint;
import dev.rollcall.engine.embedded.account.KeysetAccount;
import dev.rollcall.engine.memory.MemoryKind;
import org.jspecify.annotations.Nullable;

/**
 * The feed of one channel, or of its presence channel. Guarded by the shard's lock. The feed of a channel lasts as long as it holds a
 * message or a poll; the feed of a presence channel also for the retention time after anybody asked for it, because presence events are
 * only kept where there is one.
 */
public final class ChannelFeed extends Feed {
    private final ChannelFeeds entry;
    private final boolean ofPresence;
    private long wantedUntil;

    /** Its neighbours in {@link RecentFeeds}. */
    @Nullable
    ChannelFeed older;

    @Nullable
    ChannelFeed newer;

    public ChannelFeed(ChannelFeeds entry, boolean ofPresence) {
        super(entry.account());
        this.entry = entry;
        this.ofPresence = ofPresence;
    }

    /** Has it counted and known to whoever forgets the oldest. Lock of the shard held. */
    void begin() {
        entry.shard().recent.add(this);
        entry.account().memory.add(MemoryKind.FEEDS, footprint());
    }

    private void end() {
        entry.shard().recent.remove(this);
        entry.account().memory.add(MemoryKind.FEEDS, -footprint());
    }

    /** A feed of messages is counted with the messages or the polls that it is there for. */
    private long footprint() {
        return ofPresence ? Footprint.FEED + Footprint.of(entry.channel.name()) : 0;
    }

    KeysetAccount keyset() {
        return entry.account();
    }

    /** Forgets half of its messages and returns whether there were any. */
    boolean forgetMessages() {
        int forgotten = ring.forgetHalf();
        for (int messages = forgotten; messages > 0; messages--) {
            entry.account().memory.forgot(MemoryKind.MESSAGES);
        }
        return forgotten > 0;
    }

    /**
     * Forgets that somebody will come back to it, and with that itself, if it is the feed of a presence channel and nobody waits.
     *
     * @return whether it is forgotten
     */
    boolean forgetIfIdle(long now) {
        if (!ofPresence || !waiters.isEmpty()) {
            return false;
        }
        ring.clear();
        wantedUntil = now;
        entry.shard().wheel.cancel(this);
        entry.account().memory.forgot(MemoryKind.FEEDS);
        dropIfUnused();
        return true;
    }

    @Override
    void enter() {
        entry.shard().enter();
    }

    @Override
    void exit() {
        entry.shard().exit();
    }

    @Override
    ShardCore home() {
        return entry.shard();
    }

    /** Notes that somebody asked for this feed at {@code now}. */
    public void want(long now) {
        if (ofPresence) {
            wantedUntil = now + MessageRing.RETENTION_MILLIS;
            entry.shard().recent.touch(this);
            keep(now);
        }
    }

    /** Returns for how many milliseconds the feed is kept for whoever asked for it, negative if no more. */
    public long wantedFor(long now) {
        return wantedUntil - now;
    }

    /**
     * Takes up again what a snapshot held: messages appended before, and for how long somebody wants the feed.
     *
     * @return whether there is reason to keep it
     */
    public boolean restored(long wantedFor, long now) {
        wantedUntil = now + wantedFor;
        ring.trim(entry.shard().time.epochMillis());
        if (ring.count() == 0 && !(ofPresence && wantedFor > 0)) {
            return false;
        }
        begin();
        entry.shard().wheel.schedule(this, now + MessageRing.RETENTION_MILLIS / 2);
        return true;
    }

    /** Has the feed looked at again after the retention time. */
    void keep(long now) {
        if (!isScheduled()) {
            entry.shard().wheel.schedule(this, now + MessageRing.RETENTION_MILLIS);
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
        entry.dropIfEmpty();
    }

    @Override
    public void onDue(long now) {
        ring.trim(entry.shard().time.epochMillis());
        if (ring.count() > 0 || ofPresence && wantedUntil - now > 0) {
            // Half the retention time: a message is gone at most that much later than it should be.
            entry.shard().wheel.schedule(this, now + MessageRing.RETENTION_MILLIS / 2);
        } else if (ofPresence && !waiters.isEmpty()) {
            keep(now);
        } else {
            dropIfUnused();
        }
    }
}

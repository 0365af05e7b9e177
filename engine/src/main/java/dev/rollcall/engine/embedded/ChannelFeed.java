package dev.rollcall.engine.embedded;

/**
 * The feed of one channel, or of its presence channel. Guarded by the shard's lock. The feed of a channel lasts as long as it holds a
 * message or a poll; the feed of a presence channel also for the retention time after anybody asked for it, because presence events are
 * only kept where there is one.
 */
final class ChannelFeed extends Feed {
    private final ChannelEntry entry;
    private final boolean ofPresence;
    private long wantedUntil;

    ChannelFeed(ChannelEntry entry, boolean ofPresence) {
        this.entry = entry;
        this.ofPresence = ofPresence;
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

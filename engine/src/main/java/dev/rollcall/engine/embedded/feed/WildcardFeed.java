package dev.rollcall.engine.embedded.feed;

import dev.rollcall.engine.embedded.account.Footprint;
import dev.rollcall.engine.embedded.account.KeysetAccount;
import dev.rollcall.engine.embedded.lock.LockRank;
import dev.rollcall.engine.embedded.lock.RankedLock;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Channel;

/**
 * The feed of a wildcard: {@code a.*} takes everything published on names that begin with {@code a.}, presence included;
 * {@code a.*-pnpres} takes the presence only. It collects from its first subscription on and lasts for the retention time after the last.
 *
 * <p>Its ring, its waiters and how long it is wanted are guarded by a lock of its own, within which no other is taken but that of a longer
 * wildcard by whoever posts, and nothing is announced, answered or told. As a timer it is in the wheel of its home shard from the moment
 * it is made until it is dropped.
 */
public final class WildcardFeed extends Feed {
    public final Channel name;
    private final Wildcards owner;
    private final KeysetAccount keyset;
    private final ShardCore home;
    private final RankedLock lock;
    private long wantedUntil;
    private boolean removed;

    public WildcardFeed(Wildcards owner, Channel name, ShardCore home) {
        super(owner.account);
        this.owner = owner;
        this.keyset = owner.account;
        this.name = name;
        this.home = home;
        // The wildcards that cover one name begin with one another, so their lengths tell them apart.
        Channel base = name.isPresence() ? name.base() : name;
        lock = new RankedLock(LockRank.WILDCARD, base.name().length() * 2 + (name.isPresence() ? 1 : 0));
    }

    @Override
    public void enter() {
        lock.lock();
    }

    @Override
    public void exit() {
        lock.unlock();
    }

    @Override
    ShardCore home() {
        return home;
    }

    /**
     * Links a poll and notes that somebody asked for this feed.
     *
     * @return whether it is linked; not so if the feed has been dropped since it was looked up
     */
    public boolean link(Subscription subscription, long now) {
        enter();
        try {
            if (removed) {
                return false;
            }
            want(now);
            waiters.link(subscription);
            return true;
        } finally {
            exit();
        }
    }

    void unlink(Subscription subscription) {
        enter();
        try {
            waiters.unlink(subscription);
        } finally {
            exit();
        }
    }

    /**
     * Notes that somebody asked for this feed, so that it lasts for the retention time at least.
     *
     * @return whether it does; not so if it has been dropped since it was looked up
     */
    public boolean keep(long now) {
        enter();
        try {
            if (!removed) {
                want(now);
            }
            return !removed;
        } finally {
            exit();
        }
    }

    private void want(long now) {
        wantedUntil = now + MessageRing.RETENTION_MILLIS;
    }

    /** Returns whether there is, or was, anything after {@code cursor}. */
    public boolean hasAfter(long cursor) {
        enter();
        try {
            return ring.hasAfter(cursor) || ring.hasDropped(cursor);
        } finally {
            exit();
        }
    }

    /** Has the feed looked at after the retention time. To be called once, when it is made, with the lock of the home shard held. */
    public void begin(long now) {
        wantedUntil = now + MessageRing.RETENTION_MILLIS;
        keyset.memory.add(MemoryKind.FEEDS, Footprint.WILDCARD + Footprint.of(name.name()));
        home.wheel.schedule(this, wantedUntil);
    }

    /** Returns for how many milliseconds the feed is kept for whoever asked for it, negative if no more. Lock held. */
    public long wantedFor(long now) {
        return wantedUntil - now;
    }

    /** Takes up again for how long somebody wants the feed. No lock held. */
    public void restored(long wantedFor, long now) {
        home.enter();
        try {
            enter();
            try {
                wantedUntil = now + wantedFor;
                ring.trim(home.time.epochMillis());
            } finally {
                exit();
            }
            home.wheel.reschedule(this, now + Math.max(0, wantedFor));
        } finally {
            home.exit();
        }
    }

    /**
     * Forgets half of its messages where there is too little room for messages, and itself where there is for feeds and nobody waits.
     *
     * @return whether there was anything to forget
     */
    public boolean forget(long now) {
        boolean anyForgotten = keyset.memory.isNear(MemoryKind.MESSAGES) && forgetMessages();
        boolean isIdle;
        enter();
        try {
            isIdle = !removed && waiters.isEmpty() && keyset.memory.isNear(MemoryKind.FEEDS);
            if (isIdle) {
                wantedUntil = now;
            }
        } finally {
            exit();
        }
        if (isIdle) {
            home.enter();
            try {
                if (isScheduled()) {
                    home.wheel.cancel(this);
                    home.wheel.schedule(this, now);
                }
            } finally {
                home.exit();
            }
            keyset.memory.forgot(MemoryKind.FEEDS);
        }
        return anyForgotten || isIdle;
    }

    /** Forgets half of its messages and returns whether there were any. */
    public boolean forgetMessages() {
        int forgotten;
        enter();
        try {
            forgotten = ring.forgetHalf();
        } finally {
            exit();
        }
        for (int messages = forgotten; messages > 0; messages--) {
            keyset.memory.forgot(MemoryKind.MESSAGES);
        }
        return forgotten > 0;
    }

    @Override
    public void onDue(long now) {
        enter();
        try {
            ring.trim(home.time.epochMillis());
            removed = waiters.isEmpty() && wantedUntil - now <= 0;
            if (removed) {
                ring.clear();
            }
        } finally {
            exit();
        }
        if (removed) {
            owner.remove(this);
            keyset.memory.add(MemoryKind.FEEDS, -Footprint.WILDCARD - Footprint.of(name.name()));
        } else {
            home.wheel.schedule(this, now + MessageRing.RETENTION_MILLIS / 2);
        }
    }
}

package dev.rollcall.engine.embedded;

import dev.rollcall.protocol.Channel;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The feed of a wildcard: {@code a.*} takes everything published on names that begin with {@code a.}, presence included;
 * {@code a.*-pnpres} takes the presence only. It collects from its first subscription on and lasts for the retention time after the last.
 *
 * <p>Guarded by a lock of its own, which is taken after a shard's lock, a shorter wildcard's before a longer's, and within which none is
 * taken; readers hold the lock of the home shard too.
 */
final class WildcardFeed extends Feed {
    final Channel name;
    private final Keyset keyset;
    private final Shard home;
    private final ReentrantLock lock = new ReentrantLock();
    private long wantedUntil;
    private boolean removed;

    WildcardFeed(Keyset keyset, Channel name, Shard home) {
        this.keyset = keyset;
        this.name = name;
        this.home = home;
    }

    /** Takes the feed's own lock alone, for a publisher who holds the lock of the channel's shard. */
    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    @Override
    void enter() {
        home.enter();
        lock.lock();
    }

    @Override
    void exit() {
        lock.unlock();
        home.exit();
    }

    @Override
    Shard home() {
        return home;
    }

    /** Returns whether it has been dropped since it was looked up. */
    boolean isRemoved() {
        return removed;
    }

    /** Notes that somebody asked for this feed at {@code now}. */
    void want(long now) {
        wantedUntil = now + RETENTION_MILLIS;
        if (!isScheduled()) {
            home.wheel.schedule(this, wantedUntil);
        }
    }

    /** Returns for how many milliseconds the feed is kept for whoever asked for it, negative if no more. */
    long wantedFor(long now) {
        return wantedUntil - now;
    }

    /** Takes up again what a snapshot held: messages appended before, and for how long somebody wants the feed. */
    void restored(long wantedFor, long now) {
        wantedUntil = now + wantedFor;
        trim(home.time.epochMillis());
        if (!isScheduled()) {
            home.wheel.schedule(this, now + Math.max(0, wantedFor));
        }
    }

    @Override
    void onDue(long now) {
        lock.lock();
        try {
            trim(home.time.epochMillis());
            if (hasPolls() || wantedUntil - now > 0) {
                home.wheel.schedule(this, now + RETENTION_MILLIS / 2);
            } else {
                removed = true;
                keyset.wildcards.remove(name.name(), this);
                keyset.references.decrementAndGet();
            }
        } finally {
            lock.unlock();
        }
    }
}

package dev.rollcall.engine.embedded;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.protocol.Channel;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A part of the engine, chosen by the hash of subscribe key and channel: everything about its channels, guarded by one lock. No thread
 * ever holds the locks of two shards, but for the one that makes a wildcard, which takes all of them in order.
 */
final class Shard {
    private static final Logger log = LoggerFactory.getLogger(Shard.class);

    final EngineTime time;
    final TimerWheel wheel;
    final ChannelEntry.Table channels = new ChannelEntry.Table();
    final Lease.Table leases = new Lease.Table();
    final Map<Absence.Key, Absence> absences = new HashMap<>();
    final UnheardJoins unheardJoins = new UnheardJoins();
    final Presence presence;

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Effects effects;

    Shard(EngineTime time, Presence presence) {
        this.time = time;
        this.presence = presence;
        this.wheel = new TimerWheel(time.monotonicMillis(), e -> log.error("a timer failed", e));
    }

    void enter() {
        lock.lock();
    }

    /** Lets go of the lock and, if this was its last hold, does what had to wait for that. */
    void exit() {
        Effects due = null;
        if (lock.getHoldCount() == 1) {
            due = effects;
            effects = null;
        }
        lock.unlock();
        if (due != null) {
            due.run();
        }
    }

    /** Returns the place to note what is to be done once the lock is free. Lock held. */
    Effects effects() {
        Effects gathered = effects;
        if (gathered == null) {
            gathered = new Effects();
            effects = gathered;
        }
        return gathered;
    }

    /** Returns what is known of a channel, or null. Lock held. */
    @Nullable
    ChannelEntry find(Keyset keyset, String channel) {
        return channels.find(keyset, channel, ChannelEntry.hash(keyset, channel));
    }

    /** Returns what is known of a channel, made if need be. Lock held. */
    ChannelEntry channel(Keyset keyset, Channel channel) {
        int hash = ChannelEntry.hash(keyset, channel.name());
        ChannelEntry entry = channels.find(keyset, channel.name(), hash);
        if (entry == null) {
            entry = new ChannelEntry(this, keyset, channel, hash);
            channels.add(entry, hash);
            keyset.references.incrementAndGet();
        }
        return entry;
    }

    /** Forgets a channel of which nothing is left. Lock held. */
    void dropIfEmpty(ChannelEntry entry) {
        if (entry.isEmpty()) {
            channels.remove(entry);
            entry.keyset.references.decrementAndGet();
        }
    }

    /** Does what is due, at most {@code budget} timers of it, and returns whether there may be more. */
    boolean advance(int budget) {
        enter();
        try {
            long now = time.elapsedMillis();
            unheardJoins.trim(now);
            return wheel.advance(now, budget) == 0;
        } finally {
            exit();
        }
    }
}

package dev.rollcall.engine.embedded;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.protocol.Channel;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A part of the engine, chosen by the hash of subscribe key and channel: everything about its channels, guarded by one lock. No thread
 * ever holds the locks of two shards, but for the one that makes a wildcard, which takes all of them in order.
 */
final class Shard {
    /** What one thread tells the engine's listener in a row, when others bring more meanwhile; the rest is told by the clock. */
    private static final int MOST_TOLD_AT_ONCE = 4096;

    final EngineTime time;
    final TimerWheel wheel;
    final ChannelEntry.Table channels = new ChannelEntry.Table();
    final Lease.Table leases = new Lease.Table();
    final Map<Absence.Key, Absence> absences = new HashMap<>();
    final RecentFeeds recent = new RecentFeeds();
    final UnheardJoins unheardJoins = new UnheardJoins();
    final RecentChanges changes = new RecentChanges();
    final Presence presence;

    private final RankedLock lock;
    private final Aftermath aftermath;
    private final SerialQueue listening;
    private @Nullable Effects effects;
    private int polls;

    /**
     * Makes an empty shard.
     *
     * @param number its place among the shards
     */
    Shard(int number, EngineTime time, Presence presence, Aftermath aftermath, Failures failures) {
        this.time = time;
        this.presence = presence;
        this.aftermath = aftermath;
        lock = new RankedLock(LockRank.SHARD, number);
        listening = new SerialQueue("an engine listener", MOST_TOLD_AT_ONCE, failures);
        wheel = new TimerWheel(
                time.monotonicMillis(), failure -> effects().then(() -> failures.caught("a timer", failure)));
    }

    void enter() {
        lock.lock();
    }

    /** Lets go of the lock and does what had to wait for that. */
    void exit() {
        Effects due = effects;
        effects = null;
        lock.unlock();
        if (due != null) {
            try {
                listening.drain();
            } finally {
                aftermath.carryOut(due);
            }
        }
    }

    /** Returns the place to note what is to be done once the lock is free. Lock held. */
    Effects effects() {
        assert lock.isHeldByCurrentThread();
        Effects gathered = effects;
        if (gathered == null) {
            gathered = new Effects();
            effects = gathered;
        }
        return gathered;
    }

    /** Has a listener told something once the lock is free, after all that it was to be told before. Lock held. */
    void tell(EngineListener listener, Consumer<EngineListener> event) {
        listening.add(() -> event.accept(listener));
        effects();
    }

    /** Returns what is known of a channel, or null. Lock held. */
    @Nullable
    ChannelEntry find(Keyset keyset, String channel) {
        return channels.find(keyset, channel, ChannelEntry.hash(keyset, channel));
    }

    /** Returns the presence of a user in a channel, or null. Lock held. */
    @Nullable
    Lease lease(Keyset keyset, Channel channel, UserKey user) {
        ChannelEntry entry = find(keyset, channel.name());
        Roster roster = entry == null ? null : entry.roster;
        return roster == null ? null : leases.find(roster, user);
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

    /** Takes a poll whose hold ends at {@code deadline}. Lock held. */
    void addPoll(ParkedPoll poll, long deadline) {
        wheel.schedule(poll, deadline);
        poll.account(1);
        polls++;
    }

    /** Lets go of a poll it took, once. Lock held. */
    void cancelPoll(ParkedPoll poll) {
        wheel.cancel(poll);
        poll.account(-1);
        polls--;
    }

    /** Returns the number of polls. Lock held. */
    int pollCount() {
        return polls;
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
            listening.drain();
        }
    }
}

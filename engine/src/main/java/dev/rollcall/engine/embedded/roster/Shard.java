package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.embedded.feed.ShardCore;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.embedded.work.Aftermath;
import dev.rollcall.engine.embedded.work.Failures;
import dev.rollcall.protocol.Channel;
import org.jspecify.annotations.Nullable;

/**
 * A part of the engine, chosen by the hash of subscribe key and channel: everything about its channels, guarded by one lock. No thread
 * ever holds the locks of two shards, but for the one that makes a wildcard, which takes all of them in order.
 */
public final class Shard extends ShardCore {
    public final ChannelEntry.Table channels = new ChannelEntry.Table();
    public final Lease.Table leases = new Lease.Table();
    public final Absence.Table absences = new Absence.Table();
    public final UnheardJoins unheardJoins = new UnheardJoins();
    public final RecentChanges changes = new RecentChanges();
    public final Presence presence;

    /**
     * Makes an empty shard.
     *
     * @param number its place among the shards
     */
    public Shard(int number, EngineTime time, Presence presence, Aftermath aftermath, Failures failures) {
        super(number, time, aftermath, failures);
        this.presence = presence;
    }

    /** Returns what is known of a channel, or null. Lock held. */
    @Nullable
    public ChannelEntry find(Keyset keyset, String channel) {
        return find(keyset, channel, ChannelEntry.hash(keyset, channel));
    }

    /** Returns what is known of a channel, whose hash the caller knows, or null. Lock held. */
    @Nullable
    ChannelEntry find(Keyset keyset, String channel, int hash) {
        return channels.find(keyset, channel, hash);
    }

    /** Returns the presence of a user in a channel, whose hash the caller knows, or null. Lock held. */
    @Nullable
    public Lease lease(Keyset keyset, Channel channel, int hash, UserKey user) {
        ChannelEntry entry = find(keyset, channel.name(), hash);
        Roster roster = entry == null ? null : entry.roster;
        return roster == null ? null : leases.find(roster, user);
    }

    /** Returns what is known of a channel, made if need be. Lock held. */
    public ChannelEntry channel(Keyset keyset, Channel channel) {
        return channel(keyset, channel, ChannelEntry.hash(keyset, channel.name()));
    }

    /** Returns what is known of a channel that is in this shard, made if need be. Lock held. */
    public ChannelEntry channel(Place place) {
        return channel(place.keyset(), place.channel(), place.hash());
    }

    private ChannelEntry channel(Keyset keyset, Channel channel, int hash) {
        ChannelEntry entry = channels.find(keyset, channel.name(), hash);
        if (entry == null) {
            entry = new ChannelEntry(this, keyset, channel, hash);
            channels.add(entry, hash);
            keyset.references.incrementAndGet();
        }
        return entry;
    }

    /** Forgets a channel of which nothing is left. Lock held. */
    public void dropIfEmpty(ChannelEntry entry) {
        if (entry.isEmpty()) {
            channels.remove(entry);
            entry.keyset.references.decrementAndGet();
        }
    }

    /** Returns when the next timer is due, in milliseconds of the monotonic clock, or {@link Long#MAX_VALUE}. */
    public long nextDueMillis() {
        enter();
        try {
            return wheel.earliest();
        } finally {
            exit();
        }
    }

    /** Does what is due, at most {@code budget} timers of it, and returns whether there may be more. */
    public boolean advance(int budget) {
        enter();
        try {
            long now = time.elapsedMillis();
            unheardJoins.trim(now);
            return wheel.advance(now, budget) == 0;
        } finally {
            exit();
            tellTheRest();
        }
    }
}

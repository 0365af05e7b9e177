package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.embedded.account.Footprint;
import dev.rollcall.engine.embedded.account.KeysetAccount;
import dev.rollcall.engine.embedded.feed.ChannelFeeds;
import dev.rollcall.engine.embedded.feed.ShardCore;
import dev.rollcall.engine.embedded.feed.Wildcards;
import dev.rollcall.engine.embedded.table.ChainedTable;
import dev.rollcall.engine.embedded.table.SeededHash;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.PresenceEvent;
import org.jspecify.annotations.Nullable;

/**
 * All there is about one channel: who is in it, its feed, and the feed of its presence channel. Guarded by the lock of its shard; exists
 * as long as one of the three does.
 */
public final class ChannelEntry extends ChannelFeeds {
    public final Shard shard;
    public final Keyset keyset;
    final int hash;

    @Nullable
    ChannelEntry next;

    @Nullable
    public Roster roster;

    ChannelEntry(Shard shard, Keyset keyset, Channel channel, int hash) {
        super(channel);
        this.shard = shard;
        this.keyset = keyset;
        this.hash = hash;
    }

    public Place place() {
        return new Place(shard, keyset, channel, hash);
    }

    /** Returns the hash of a channel of a keyset. */
    public static int hash(Keyset keyset, String channel) {
        return SeededHash.of(keyset.key.value().hashCode(), SeededHash.of(channel));
    }

    @Override
    public ShardCore shard() {
        return shard;
    }

    @Override
    public KeysetAccount account() {
        return keyset;
    }

    @Override
    public Wildcards wildcards() {
        return keyset.wildcards;
    }

    @Override
    public void dropIfEmpty() {
        shard.dropIfEmpty(this);
    }

    /** Has somebody in it from now on. */
    public void open(Roster opened) {
        roster = opened;
        keyset.memory.add(MemoryKind.LEASES, Footprint.ROSTER + Footprint.of(channel.name()));
    }

    /** Tells the engine's listener of an event. No lock held. */
    void tell(PresenceEvent event) {
        shard.presence.announcer().listener().onPresence(keyset.key, channel, event);
    }

    /** Has nobody in it any more. */
    void close() {
        roster = null;
        keyset.memory.add(MemoryKind.LEASES, -Footprint.ROSTER - Footprint.of(channel.name()));
    }

    public boolean isEmpty() {
        return roster == null && messages == null && presence == null;
    }

    /** The channels of one shard. */
    public static final class Table extends ChainedTable<ChannelEntry> {
        @Nullable
        public ChannelEntry find(Keyset keyset, String channel, int hash) {
            for (ChannelEntry entry = first(hash); entry != null; entry = entry.next) {
                if (entry.hash == hash && entry.channel.name().equals(channel) && isOf(keyset, entry)) {
                    return entry;
                }
            }
            return null;
        }

        @SuppressWarnings("ReferenceEquality") // two objects of one keyset are seldom, and told by their keys
        private static boolean isOf(Keyset keyset, ChannelEntry entry) {
            return entry.keyset == keyset || entry.keyset.key.equals(keyset.key);
        }

        @Override
        public int hash(ChannelEntry entry) {
            return entry.hash;
        }

        @Override
        @Nullable
        public ChannelEntry next(ChannelEntry entry) {
            return entry.next;
        }

        @Override
        public void setNext(ChannelEntry entry, @Nullable ChannelEntry next) {
            entry.next = next;
        }
    }
}

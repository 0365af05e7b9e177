package dev.rollcall.engine.embedded;

import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Channel;
import org.jspecify.annotations.Nullable;

/**
 * All there is about one channel: who is in it, its feed, and the feed of its presence channel. Guarded by the lock of its shard; exists
 * as long as one of the three does.
 */
final class ChannelEntry {
    final Shard shard;
    final Keyset keyset;
    final Channel channel;
    final int hash;

    @Nullable
    ChannelEntry next;

    @Nullable
    Roster roster;

    @Nullable
    ChannelFeed messages;

    /** There as long as somebody was interested within the retention time; else presence events are not even encoded. */
    @Nullable
    ChannelFeed presence;

    ChannelEntry(Shard shard, Keyset keyset, Channel channel, int hash) {
        this.shard = shard;
        this.keyset = keyset;
        this.channel = channel;
        this.hash = hash;
    }

    Place place() {
        return new Place(shard, keyset, channel);
    }

    static int hash(Keyset keyset, String channel) {
        return SeededHash.of(keyset.key.value().hashCode(), SeededHash.of(channel));
    }

    /** Returns the feed of the channel or of its presence channel, made if need be. */
    ChannelFeed feed(boolean ofPresence) {
        ChannelFeed feed = ofPresence ? presence : messages;
        if (feed == null) {
            feed = new ChannelFeed(this, ofPresence);
            feed.begin();
            if (ofPresence) {
                presence = feed;
            } else {
                messages = feed;
            }
        }
        return feed;
    }

    /** Has somebody in it from now on. */
    void open(Roster opened) {
        roster = opened;
        keyset.memory.add(MemoryKind.LEASES, Footprint.ROSTER + Footprint.of(channel.name()));
    }

    /** Has nobody in it any more. */
    void close() {
        roster = null;
        keyset.memory.add(MemoryKind.LEASES, -Footprint.ROSTER - Footprint.of(channel.name()));
    }

    boolean isEmpty() {
        return roster == null && messages == null && presence == null;
    }

    /** The channels of one shard. */
    static final class Table extends ChainedTable<ChannelEntry> {
        @Nullable
        ChannelEntry find(Keyset keyset, String channel, int hash) {
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
        int hash(ChannelEntry entry) {
            return entry.hash;
        }

        @Override
        @Nullable
        ChannelEntry next(ChannelEntry entry) {
            return entry.next;
        }

        @Override
        void setNext(ChannelEntry entry, @Nullable ChannelEntry next) {
            entry.next = next;
        }
    }
}

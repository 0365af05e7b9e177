package dev.rollcall.engine.embedded;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.embedded.account.Footprint;
import dev.rollcall.engine.embedded.account.KeysetAccount;
import dev.rollcall.engine.embedded.feed.FeedWriter;
import dev.rollcall.engine.embedded.feed.WildcardFeed;
import dev.rollcall.engine.embedded.roster.ChannelEntry;
import dev.rollcall.engine.embedded.roster.Keyset;
import dev.rollcall.engine.embedded.roster.Shard;
import dev.rollcall.engine.embedded.roster.Shards;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Envelope;
import dev.rollcall.protocol.Publication;

/** Publishes messages, and makes room for them. Safe from any thread; no lock may be held. */
final class Publisher {
    /** Feeds that one shard looks at to make room before others get their turn. */
    private static final int FORGET_BUDGET = 64;

    /** Feeds looked at to make room for one message. */
    private static final int FORGOTTEN_FOR_ONE = 8;

    private final Shards shards;
    private final FeedWriter writer;
    private final MemoryBudget memory;
    private final EngineTime time;

    Publisher(Shards shards, FeedWriter writer, MemoryBudget memory, EngineTime time) {
        this.shards = shards;
        this.writer = writer;
        this.memory = memory;
        this.time = time;
    }

    /** Publishes a message and returns its timetoken. */
    long publish(Keyset keyset, Channel channel, Publication publication) {
        Envelope envelope = Envelope.of(keyset.key, channel, publication);
        makeRoom(keyset, (long) envelope.size() + Footprint.MESSAGE + Footprint.FEED);
        Shard shard = shards.of(keyset, channel);
        shard.enter();
        try {
            makeRoom(shard, envelope.size());
            ChannelEntry entry = shard.channel(keyset, channel);
            return writer.post(
                            entry,
                            channel,
                            entry.feed(false),
                            publication.type(),
                            publication.publisher(),
                            envelope,
                            time.monotonicMillis())
                    .timetoken();
        } finally {
            shard.exit();
        }
    }

    /** Forgets the oldest messages of a keyset that keeps as much as it may, one shard after the other. No lock held. */
    private void makeRoom(Keyset keyset, long bytes) {
        for (Shard shard : shards.all()) {
            if (!keyset.keepsTooMuch(bytes)) {
                return;
            }
            shard.enter();
            try {
                shard.recent.forget(keyset, bytes, FORGET_BUDGET);
            } finally {
                shard.exit();
            }
        }
        for (WildcardFeed wildcard : keyset.wildcards.values()) {
            if (!keyset.keepsTooMuch(bytes)) {
                return;
            }
            // They may be the last to keep what the channels have dropped.
            wildcard.forgetMessages();
        }
        if (keyset.keepsTooMuch(bytes)) {
            throw KeysetAccount.overLimit(
                    "max-kept-bytes", keyset.settings().limits().keptBytes());
        }
    }

    /** Forgets the oldest messages of a shard for a new one, where memory is short. Lock of the shard held. */
    private void makeRoom(Shard shard, int bytes) {
        long now = time.monotonicMillis();
        long footprint = (long) bytes + Footprint.MESSAGE + Footprint.FEED;
        if (memory.isNear(MemoryKind.MESSAGES) || !memory.fits(MemoryKind.MESSAGES, footprint)) {
            shard.recent.forget(memory, footprint, FORGOTTEN_FOR_ONE, now);
        }
        memory.require(MemoryKind.MESSAGES, footprint);
    }
}

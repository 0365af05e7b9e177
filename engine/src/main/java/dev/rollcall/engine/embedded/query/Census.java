package dev.rollcall.engine.embedded.query;

import dev.rollcall.engine.EngineCounts;
import dev.rollcall.engine.embedded.feed.Feed;
import dev.rollcall.engine.embedded.feed.WildcardFeed;
import dev.rollcall.engine.embedded.roster.Keyset;
import dev.rollcall.engine.embedded.roster.Shard;
import dev.rollcall.engine.embedded.roster.Shards;
import dev.rollcall.engine.embedded.table.ChainedTable;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Counts what an engine holds, shard by shard, so that the sums are not of one moment. */
public final class Census {
    private static final int SLICE_SLOTS = 512;

    private final Shards shards;
    private final Collection<Keyset> keysets;
    private long channels;
    private long occupants;
    private long absentees;
    private long feeds;
    private long messages;
    private long polls;

    public Census(Shards shards, Collection<Keyset> keysets) {
        this.shards = shards;
        this.keysets = keysets;
    }

    public EngineCounts counts() {
        for (Shard shard : shards.all()) {
            count(shard);
        }
        long groups = 0;
        for (Keyset keyset : keysets) {
            groups += keyset.groups.names().size();
            for (WildcardFeed feed : keyset.wildcards.values()) {
                feed.enter();
                try {
                    count(feed);
                } finally {
                    feed.exit();
                }
            }
        }
        return new EngineCounts(keysets.size(), channels, occupants, absentees, feeds, messages, polls, groups);
    }

    /** Counts what is in a shard, the feeds a slice at a time. */
    private void count(Shard shard) {
        boolean isFirst = true;
        int position = ChainedTable.START;
        do {
            shard.enter();
            try {
                if (isFirst) {
                    channels += shard.channels.size();
                    occupants += shard.leases.size();
                    absentees += shard.absences.size();
                    polls += shard.pollCount();
                    isFirst = false;
                }
                for (int slot = 0; slot < SLICE_SLOTS; slot++) {
                    position = shard.channels.walk(position, entry -> {
                        count(entry.messages);
                        count(entry.presence);
                    });
                    if (position == ChainedTable.START) {
                        break;
                    }
                }
            } finally {
                shard.exit();
            }
        } while (position != ChainedTable.START);
    }

    private void count(@Nullable Feed feed) {
        if (feed != null) {
            feeds++;
            messages += feed.ring.count();
        }
    }
}

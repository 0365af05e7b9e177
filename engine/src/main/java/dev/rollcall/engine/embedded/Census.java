package dev.rollcall.engine.embedded;

import dev.rollcall.engine.EngineCounts;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Counts what an engine holds, shard by shard, so that the sums are not of one moment. */
final class Census {
    private final Shards shards;
    private final Collection<Keyset> keysets;
    private long channels;
    private long occupants;
    private long absentees;
    private long feeds;
    private long messages;
    private long polls;

    Census(Shards shards, Collection<Keyset> keysets) {
        this.shards = shards;
        this.keysets = keysets;
    }

    EngineCounts counts() {
        for (Shard shard : shards.all()) {
            shard.enter();
            try {
                count(shard);
            } finally {
                shard.exit();
            }
        }
        long groups = 0;
        for (Keyset keyset : keysets) {
            groups += GroupRegistry.names(keyset).size();
            for (WildcardFeed feed : keyset.wildcards.values()) {
                feeds++;
                feed.enter();
                try {
                    messages += feed.messageCount();
                } finally {
                    feed.exit();
                }
            }
        }
        return new EngineCounts(keysets.size(), channels, occupants, absentees, feeds, messages, polls, groups);
    }

    private void count(Shard shard) {
        channels += shard.channels.size();
        occupants += shard.leases.size();
        absentees += shard.absences.size();
        shard.channels.forEach(entry -> {
            count(entry.messages);
            count(entry.presence);
        });
        shard.wheel.forEach(timer -> {
            if (timer instanceof ParkedPoll) {
                polls++;
            }
        });
    }

    private void count(@Nullable ChannelFeed feed) {
        if (feed != null) {
            feeds++;
            messages += feed.messageCount();
        }
    }
}

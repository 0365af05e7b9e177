package dev.rollcall.engine.embedded;

import dev.rollcall.engine.Message;

/**
 * Lets a user whose heartbeat overtook their first subscribe hear themselves join: puts the join into a feed that was not there yet when it
 * happened. Called with the lock of the lease's shard held.
 */
final class LateJoins {
    private final FeedWriter writer;

    LateJoins(FeedWriter writer) {
        this.writer = writer;
    }

    /** Returns the position before the join that began a lease if its user cannot have heard it, else the end of all time. */
    long positionBefore(Lease lease, long now) {
        ChannelEntry entry = lease.roster.entry;
        UnheardJoin join = entry.shard.unheardJoins.take(lease, now);
        if (join == null) {
            return Long.MAX_VALUE;
        }
        Feed feed = entry.channel.isWildcard() ? entry.keyset.wildcards.get(entry.channel.name()) : entry.feed(true);
        if (feed == null) {
            return Long.MAX_VALUE;
        }
        if (!(feed instanceof WildcardFeed wildcard)) {
            if (feed.ring.oldestTimetoken() > join.timetoken()) {
                feed.ring.prepend(writer.late(join));
            }
            return join.timetoken() - 1;
        }
        Message message = writer.late(join);
        wildcard.enter();
        try {
            if (wildcard.ring.oldestTimetoken() > join.timetoken()) {
                wildcard.ring.prepend(message);
            }
        } finally {
            wildcard.exit();
        }
        return join.timetoken() - 1;
    }
}

package dev.rollcall.engine.embedded.poll;

import dev.rollcall.engine.Message;
import dev.rollcall.engine.embedded.feed.Feed;
import dev.rollcall.engine.embedded.feed.WildcardFeed;
import dev.rollcall.engine.embedded.roster.ChannelEntry;
import dev.rollcall.engine.embedded.roster.Lease;
import dev.rollcall.engine.embedded.roster.UnheardJoin;

/**
 * Lets a user whose heartbeat overtook their first subscribe hear themselves join: puts the join into a feed that was not there yet when it
 * happened. Called with the lock of the lease's shard held.
 */
final class LateJoins {
    private LateJoins() {}

    /** Returns the position before the join that began a lease if its user cannot have heard it, else the end of all time. */
    static long positionBefore(Lease lease, long now) {
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
                feed.ring.prepend(join.message());
            }
            return join.timetoken() - 1;
        }
        Message message = join.message();
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

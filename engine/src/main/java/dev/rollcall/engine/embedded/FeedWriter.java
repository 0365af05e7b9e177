package dev.rollcall.engine.embedded;

import dev.rollcall.engine.Message;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Envelope;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts messages into feeds: the channel's own and those of the wildcards that cover it, as one step. */
final class FeedWriter {
    private static final String WILDCARD_END = ".*";

    private final TimetokenSource timetokens;

    FeedWriter(TimetokenSource timetokens) {
        this.timetokens = timetokens;
    }

    /**
     * Stamps, appends and claims the polls that wait. Lock of the channel's shard held. Those of all wildcards are taken before the message
     * is stamped and held until it is in every feed, which is what makes a cursor exact; nothing else happens under them.
     *
     * @param channel where it is published: the entry's channel or its presence channel
     * @param feed that channel's feed, or null if it has none
     */
    Message post(
            ChannelEntry entry,
            Channel channel,
            @Nullable ChannelFeed feed,
            MessageType type,
            @Nullable UserId publisher,
            Envelope envelope,
            long now) {
        List<WildcardFeed> wildcards = wildcards(entry.keyset, channel.name());
        for (WildcardFeed wildcard : wildcards) {
            wildcard.enter();
        }
        Message message;
        try {
            long timetoken = timetokens.next();
            envelope.stamp(timetoken);
            message = new Message(channel, type, publisher, timetoken, envelope);
            Effects effects = entry.shard.effects();
            if (feed != null) {
                feed.ring.append(message);
                entry.shard.recent.touch(feed);
            }
            for (WildcardFeed wildcard : wildcards) {
                wildcard.ring.append(message);
                wildcard.waiters.wake(message, effects, now);
            }
        } finally {
            for (int i = wildcards.size() - 1; i >= 0; i--) {
                wildcards.get(i).exit();
            }
        }
        if (feed != null) {
            feed.keep(now);
            feed.waiters.wake(message, entry.shard.effects(), now);
        }
        return message;
    }

    /** Returns whether anybody could get to see a presence event of {@code entry}. Lock of its shard held. */
    boolean hasPresenceAudience(ChannelEntry entry) {
        return entry.presence != null
                || !wildcards(entry.keyset, entry.channel.name() + Channel.PRESENCE_SUFFIX)
                        .isEmpty();
    }

    /** Makes the message of a join that was not posted when it happened, because nobody was there to hear it. */
    Message late(UnheardJoin join) {
        Lease lease = join.lease();
        ChannelEntry entry = lease.roster.entry;
        PresenceEvent event = new PresenceEvent.Join(lease.userId(), join.occupancy(), join.state());
        Envelope envelope = Envelope.of(entry.keyset.key, entry.channel, event, join.epochMillis());
        envelope.stamp(join.timetoken());
        return new Message(entry.channel.presence(), MessageType.PRESENCE, null, join.timetoken(), envelope);
    }

    /** Returns a timetoken for something that is not posted. */
    long unposted() {
        return timetokens.next();
    }

    /** Returns the feeds of the wildcards that cover {@code name}, the shortest first: the order their locks are taken in. */
    private static List<WildcardFeed> wildcards(Keyset keyset, String name) {
        if (keyset.wildcards.isEmpty()) {
            return List.of();
        }
        boolean ofPresence = name.endsWith(Channel.PRESENCE_SUFFIX);
        List<WildcardFeed> found = new ArrayList<>();
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            String pattern = name.substring(0, dot) + WILDCARD_END;
            WildcardFeed all = keyset.wildcards.get(pattern);
            if (all != null) {
                found.add(all);
            }
            WildcardFeed presence = ofPresence ? keyset.wildcards.get(pattern + Channel.PRESENCE_SUFFIX) : null;
            if (presence != null) {
                found.add(presence);
            }
        }
        return found;
    }
}

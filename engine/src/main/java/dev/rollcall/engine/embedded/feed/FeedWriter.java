package dev.rollcall.engine.embedded.feed;

import dev.rollcall.engine.Message;
import dev.rollcall.engine.embedded.work.Effects;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Envelope;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts messages into feeds: the channel's own and those of the wildcards that cover it, as one step. */
public final class FeedWriter {
    private final TimetokenSource timetokens;

    public FeedWriter(TimetokenSource timetokens) {
        this.timetokens = timetokens;
    }

    /**
     * Stamps, appends and claims the polls that wait. Lock of the channel's shard held. Those of all wildcards are taken before the message
     * is stamped and held until it is in every feed, which is what makes a cursor exact; nothing else happens under them.
     *
     * @param channel where it is published: the entry's channel or its presence channel
     * @param feed that channel's feed, or null if it has none
     */
    public Message post(
            ChannelFeeds entry,
            Channel channel,
            @Nullable ChannelFeed feed,
            MessageType type,
            @Nullable UserId publisher,
            Envelope envelope,
            long now) {
        List<WildcardFeed> wildcards = entry.wildcards().covering(channel.name());
        for (WildcardFeed wildcard : wildcards) {
            wildcard.enter();
        }
        Message message;
        try {
            long timetoken = timetokens.next();
            envelope.stamp(timetoken);
            message = new Message(channel, type, publisher, timetoken, envelope);
            Effects effects = entry.shard().effects();
            if (feed != null) {
                feed.ring.append(message);
                entry.shard().recent.touch(feed);
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
            feed.waiters.wake(message, entry.shard().effects(), now);
        }
        return message;
    }

    /** Returns whether anybody could get to see a presence event of {@code entry}. Lock of its shard held. */
    public boolean hasPresenceAudience(ChannelFeeds entry) {
        return entry.presence != null
                || !entry.wildcards()
                        .covering(entry.channel.name() + Channel.PRESENCE_SUFFIX)
                        .isEmpty();
    }

    /** Returns a timetoken for something that is not posted. */
    public long unposted() {
        return timetokens.next();
    }
}

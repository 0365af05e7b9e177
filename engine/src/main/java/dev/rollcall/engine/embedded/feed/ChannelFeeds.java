package dev.rollcall.engine.embedded.feed;

import dev.rollcall.engine.embedded.account.KeysetAccount;
import dev.rollcall.protocol.Channel;
import org.jspecify.annotations.Nullable;

/** The feeds of one channel and of its presence channel. Guarded by the lock of its shard. */
public abstract class ChannelFeeds {
    public final Channel channel;

    @Nullable
    public ChannelFeed messages;

    /** There as long as somebody was interested within the retention time; else presence events are not even encoded. */
    @Nullable
    public ChannelFeed presence;

    public ChannelFeeds(Channel channel) {
        this.channel = channel;
    }

    /** Returns the shard of the channel. */
    public abstract ShardCore shard();

    /** Returns what the feeds are counted in. */
    public abstract KeysetAccount account();

    /** Returns the wildcards of the keyset. */
    public abstract Wildcards wildcards();

    /** Has the channel forgotten if nothing is left of it. */
    public abstract void dropIfEmpty();

    /** Returns the feed of the channel or of its presence channel, made if need be. */
    public final ChannelFeed feed(boolean ofPresence) {
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
}

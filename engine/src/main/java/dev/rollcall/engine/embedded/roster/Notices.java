package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.base.Notice;
import dev.rollcall.engine.embedded.feed.FeedWriter;
import dev.rollcall.protocol.Channel;

/** Tells, on the channel a keyset has for it, that another channel got its first or lost its last occupant. */
public final class Notices {
    private final FeedWriter writer;
    private final Board board;

    public Notices(FeedWriter writer, Board board) {
        this.writer = writer;
        this.board = board;
    }

    /** The channel has got its first occupant. Lock of its shard held. */
    void active(ChannelEntry entry) {
        post(entry, true);
    }

    /** The channel has lost its last occupant. Lock of its shard held. */
    void inactive(ChannelEntry entry) {
        post(entry, false);
    }

    private void post(ChannelEntry entry, boolean isActive) {
        Channel to = Notice.channel(entry.keyset.settings(), entry.channel);
        if (to == null) {
            return;
        }
        byte[] payload = Notice.payload(entry.channel, isActive, writer.unposted());
        entry.shard.effects().then(() -> board.publish(entry.keyset, to, payload));
    }

    /** Takes the notices. Called without any lock. */
    @FunctionalInterface
    public interface Board {
        void publish(Keyset keyset, Channel channel, byte[] payload);
    }
}

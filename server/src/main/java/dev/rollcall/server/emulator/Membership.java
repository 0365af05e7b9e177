package dev.rollcall.server.emulator;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.SubscribeKey;
import java.util.List;

/**
 * A channel group and what is in it.
 *
 * @param key the keyset
 * @param group the group
 * @param channels its channels
 */
public record Membership(SubscribeKey key, ChannelGroup group, List<Channel> channels) {
    /** Copies the list. */
    public Membership {
        channels = List.copyOf(channels);
    }
}

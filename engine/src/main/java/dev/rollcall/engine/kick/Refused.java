package dev.rollcall.engine.kick;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ProtocolException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** By which names one poll of somebody who is kept off led to where they are kept off. For one thread at a time. */
public final class Refused {
    private final Set<Channel> channels = new LinkedHashSet<>();
    private final Set<ChannelGroup> groups = new LinkedHashSet<>();

    /**
     * Adds a channel.
     *
     * @param via the name in the request that led there, or null if that was the channel itself
     */
    public void add(Channel channel, @Nullable String via) {
        if (via == null || via.equals(channel.name())) {
            channels.add(channel);
        } else {
            groups.add(new ChannelGroup(via));
        }
    }

    /** Returns the refusal of those names. */
    public ProtocolException refusal() {
        return ProtocolException.forbidden(List.copyOf(channels), List.copyOf(groups));
    }
}

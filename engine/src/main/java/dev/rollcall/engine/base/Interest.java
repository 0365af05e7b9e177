package dev.rollcall.engine.base;

import dev.rollcall.engine.Subscribe;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a subscribe listens to.
 *
 * @param channel an ordinary channel or a wildcard; where presence is listened to, the one whose presence it is
 * @param ofPresence whether it is the presence that is listened to
 * @param match the name in the request that led here, or null where answers do not tell it
 * @param state the state that rides along, or null
 */
public record Interest(
        Channel channel,
        boolean ofPresence,
        @Nullable String match,
        @Nullable State state) {
    /**
     * Returns what a subscribe listens to: presence first, so that it is listened to when the user joins, and groups before channels, so
     * that the state of a group is there for a channel named beside it.
     *
     * @param members returns the channels of a group by its name, as they are now; asked once for each group named
     */
    public static List<Interest> of(Subscribe subscribe, Function<String, List<Channel>> members) {
        List<Channel> channels = subscribe.channels();
        List<Interest> presence = new ArrayList<>(channels.size());
        List<Interest> counted = new ArrayList<>(channels.size());
        boolean named = subscribe.namesMatches();
        Map<String, State> states = subscribe.states();
        for (ChannelGroup group : subscribe.groups()) {
            String name = group.base().name();
            for (Channel member : members.apply(name)) {
                State state = states.isEmpty() ? null : Expansion.stateOf(member, name, states);
                add(group.isPresence() ? member.presence() : member, group.name(), state, presence, counted);
            }
        }
        for (Channel channel : channels) {
            // A wildcard takes the presence of what it covers by itself.
            if (!(channel.isPresence() && channel.base().isWildcard() && channels.contains(channel.base()))) {
                State state = states.isEmpty() ? null : states.get(channel.name());
                add(channel, named ? channel.name() : null, state, presence, counted);
            }
        }
        if (presence.isEmpty()) {
            return counted;
        }
        presence.addAll(counted);
        return presence;
    }

    private static void add(
            Channel name,
            @Nullable String match,
            @Nullable State state,
            List<Interest> presence,
            List<Interest> counted) {
        if (!name.isPresence()) {
            counted.add(new Interest(name, false, match, state));
            return;
        }
        Channel base = name.base();
        if (!base.isPresence()) {
            presence.add(new Interest(base, true, match, null));
        }
    }

    /** Returns whether listening makes the user present in the channel: not so for presence. */
    public boolean isCounted() {
        return !ofPresence;
    }

    /** Returns whether this is a wildcard or the presence of one. */
    public boolean isWildcard() {
        return channel.isWildcard();
    }

    /** Returns the name of the feed: the channel, or its presence channel. */
    public Channel feed() {
        return ofPresence ? channel.presence() : channel;
    }
}

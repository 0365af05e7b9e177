package dev.rollcall.engine.redis;

import dev.rollcall.engine.Subscribe;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a subscribe listens to.
 *
 * @param channel an ordinary channel or a wildcard; where presence is listened to, the one whose presence it is
 * @param ofPresence whether it is the presence that is listened to
 * @param match the name in the request that led here, or null where answers do not tell it
 * @param state the state that rides along, or null
 */
record Interest(
        Channel channel,
        boolean ofPresence,
        @Nullable String match,
        @Nullable State state) {
    /** Returns whether listening makes the user present in the channel: not so for presence. */
    boolean isCounted() {
        return !ofPresence;
    }

    /**
     * Returns what a subscribe listens to, with the channels of its groups as they are now: presence first, so that it is listened to when
     * the user joins, and groups before channels, so that the state of a group is there for a channel named beside it.
     */
    static List<Interest> of(Subscribe subscribe, Map<String, List<Channel>> groups) {
        List<Channel> channels = subscribe.channels();
        List<Interest> wanted = new ArrayList<>(channels.size());
        boolean named = subscribe.namesMatches();
        Map<String, State> states = subscribe.states();
        for (ChannelGroup group : subscribe.groups()) {
            String name = group.base().name();
            for (Channel member : groups.getOrDefault(name, List.of())) {
                State own = states.get(member.name());
                add(
                        wanted,
                        group.isPresence() ? member.presence() : member,
                        group.name(),
                        own == null ? states.get(name) : own);
            }
        }
        for (Channel channel : channels) {
            // A wildcard takes the presence of what it covers by itself.
            if (channel.isPresence() && channel.base().isWildcard() && channels.contains(channel.base())) {
                continue;
            }
            add(wanted, channel, named ? channel.name() : null, states.get(channel.name()));
        }
        if (wanted.size() > 1) {
            wanted.sort(Comparator.comparing(Interest::isCounted));
        }
        return wanted;
    }

    private static void add(List<Interest> wanted, Channel name, @Nullable String match, @Nullable State state) {
        if (!name.isPresence()) {
            wanted.add(new Interest(name, false, match, state));
        } else if (!name.base().isPresence()) {
            wanted.add(new Interest(name.base(), true, match, null));
        }
    }
}

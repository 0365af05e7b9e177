package dev.rollcall.engine;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The channels and channel groups a presence call is about, each once, in the order asked. Presence channels are dropped: nobody is
 * ever present there.
 *
 * @param channels ordinary channels and wildcards
 * @param groups channel groups, standing for the channels they have at the time of the call
 */
public record Targets(List<Channel> channels, List<ChannelGroup> groups) {
    /** No channel and no group. */
    public static final Targets NONE = new Targets(List.of(), List.of());

    /** Drops presence names and repeated ones. */
    public Targets {
        channels = distinct(channels);
        groups = distinctGroups(groups);
    }

    /** Returns the targets of these channels, and of no group. */
    public static Targets of(Channel... channels) {
        return new Targets(List.of(channels), List.of());
    }

    /** Returns whether nothing is left. */
    public boolean isEmpty() {
        return channels.isEmpty() && groups.isEmpty();
    }

    private static List<Channel> distinct(List<Channel> names) {
        if (names.size() == 1) {
            return names.get(0).isPresence() ? List.of() : List.copyOf(names);
        }
        var distinct = new LinkedHashSet<Channel>(names);
        distinct.removeIf(Channel::isPresence);
        return List.copyOf(distinct);
    }

    private static List<ChannelGroup> distinctGroups(List<ChannelGroup> names) {
        if (names.isEmpty()) {
            return List.of();
        }
        var distinct = new LinkedHashSet<ChannelGroup>(names);
        distinct.removeIf(ChannelGroup::isPresence);
        return List.copyOf(distinct);
    }
}

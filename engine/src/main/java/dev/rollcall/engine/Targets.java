package dev.rollcall.engine;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import java.util.List;
import java.util.function.Predicate;

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
        channels = Distinct.of(without(Channel::isPresence, channels));
        groups = Distinct.of(without(ChannelGroup::isPresence, groups));
    }

    /** Returns the targets of these channels, and of no group. */
    public static Targets of(Channel... channels) {
        return new Targets(List.of(channels), List.of());
    }

    /** Returns whether nothing is left. */
    public boolean isEmpty() {
        return channels.isEmpty() && groups.isEmpty();
    }

    private static <T> List<T> without(Predicate<T> unwanted, List<T> names) {
        for (int i = 0; i < names.size(); i++) {
            if (unwanted.test(names.get(i))) {
                return names.stream().filter(unwanted.negate()).toList();
            }
        }
        return names;
    }
}

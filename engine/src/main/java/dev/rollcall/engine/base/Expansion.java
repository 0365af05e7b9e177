package dev.rollcall.engine.base;

import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.Targets;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.State;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The channels that calls are about, with channel groups resolved. Nobody is ever present in a presence channel, so none is among them. */
public final class Expansion {
    private Expansion() {}

    /**
     * Returns the channels of targets, each once.
     *
     * @param members returns the channels of a group by its name; asked once for each group
     */
    public static List<Channel> channels(Targets targets, Function<String, List<Channel>> members) {
        if (targets.groups().isEmpty()) {
            return targets.channels();
        }
        Set<Channel> channels = new LinkedHashSet<>(targets.channels());
        for (ChannelGroup group : targets.groups()) {
            for (Channel member : members.apply(group.name())) {
                if (!member.isPresence()) {
                    channels.add(member);
                }
            }
        }
        return List.copyOf(channels);
    }

    /**
     * Returns the channels of a heartbeat, each once, with the states that ride along, which those of groups hand down to their channels.
     *
     * @param members returns the channels of a group by its name; asked once for each group
     */
    public static Map<Channel, Optional<State>> states(Heartbeat heartbeat, Function<String, List<Channel>> members) {
        Map<String, State> states = heartbeat.states();
        Map<Channel, Optional<State>> byChannel = new LinkedHashMap<>();
        for (Channel channel : heartbeat.targets().channels()) {
            byChannel.put(channel, Optional.ofNullable(states.get(channel.name())));
        }
        for (ChannelGroup group : heartbeat.targets().groups()) {
            for (Channel member : members.apply(group.name())) {
                if (!member.isPresence()) {
                    byChannel.merge(
                            member,
                            Optional.ofNullable(stateOf(member, group.name(), states)),
                            (before, now) -> now.isPresent() ? now : before);
                }
            }
        }
        return byChannel;
    }

    /** Returns the state that rides along for a member of a group: its own, or else that of the group. */
    static @Nullable State stateOf(Channel member, String group, Map<String, State> states) {
        State own = states.get(member.name());
        return own == null ? states.get(group) : own;
    }
}

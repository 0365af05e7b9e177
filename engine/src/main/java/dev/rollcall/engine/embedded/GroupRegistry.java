package dev.rollcall.engine.embedded;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * The channel groups of keysets. Safe from any thread. A group is there as long as it has a channel or somebody listens to it. Edits return
 * whom they concern, to be told once the caller holds no lock.
 */
final class GroupRegistry {
    private GroupRegistry() {}

    /** Returns the channels of a group, none if there is no such group. */
    static List<Channel> channels(Keyset keyset, String group) {
        Group found = keyset.groups.get(group);
        return found == null ? List.of() : found.channels();
    }

    /** Returns the channels of a group and has {@code listener} told when they change. */
    static List<Channel> channels(Keyset keyset, String group, GroupListener listener) {
        return within(keyset, group, there -> {
            there.add(listener);
            return there.channels();
        });
    }

    static void forget(Keyset keyset, String group, GroupListener listener) {
        withinIfThere(keyset, group, there -> {
            there.remove(listener);
            return List.of();
        });
    }

    static List<GroupListener> add(Keyset keyset, String group, Collection<Channel> channels) {
        return add(keyset, group, channels, keyset.settings().channelGroupLimit());
    }

    static List<GroupListener> add(Keyset keyset, String group, Collection<Channel> channels, int limit) {
        return within(keyset, group, there -> there.addAll(channels, limit));
    }

    static List<GroupListener> remove(Keyset keyset, String group, Collection<Channel> channels) {
        return withinIfThere(keyset, group, there -> there.removeAll(channels));
    }

    static List<GroupListener> delete(Keyset keyset, String group) {
        return withinIfThere(keyset, group, Group::clear);
    }

    /** Returns the groups that have a channel, by name. */
    static List<ChannelGroup> names(Keyset keyset) {
        var names = new ArrayList<ChannelGroup>();
        keyset.groups.forEach((name, group) -> {
            if (!group.channels().isEmpty()) {
                names.add(new ChannelGroup(name));
            }
        });
        names.sort(null);
        return names;
    }

    /** Does something with a group, made if need be. */
    private static <T> T within(Keyset keyset, String name, Function<Group, T> action) {
        while (true) {
            Group group = keyset.groups.get(name);
            if (group == null) {
                group = made(keyset, name);
            }
            group.enter();
            try {
                if (!group.isRemoved()) {
                    return done(keyset, name, group, action);
                }
            } finally {
                group.exit();
            }
        }
    }

    private static Group made(Keyset keyset, String name) {
        Group fresh = new Group(keyset);
        // Counted before it is there, so that whoever drops it again finds it counted.
        keyset.references.incrementAndGet();
        Group there = keyset.groups.putIfAbsent(name, fresh);
        if (there == null) {
            return fresh;
        }
        keyset.references.decrementAndGet();
        return there;
    }

    private static <T> List<T> withinIfThere(Keyset keyset, String name, Function<Group, List<T>> action) {
        Group group = keyset.groups.get(name);
        if (group == null) {
            return List.of();
        }
        group.enter();
        try {
            return group.isRemoved() ? List.of() : done(keyset, name, group, action);
        } finally {
            group.exit();
        }
    }

    private static <T> T done(Keyset keyset, String name, Group group, Function<Group, T> action) {
        try {
            return action.apply(group);
        } finally {
            if (group.removeIfUnused()) {
                keyset.groups.remove(name, group);
                keyset.references.decrementAndGet();
            }
        }
    }
}

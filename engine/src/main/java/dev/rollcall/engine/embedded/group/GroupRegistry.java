package dev.rollcall.engine.embedded.group;

import dev.rollcall.engine.embedded.account.KeysetAccount;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The channel groups of one keyset. Safe from any thread. A group is there as long as it has a channel or somebody listens to it. Edits return
 * whom they concern, to be told once the caller holds no lock.
 */
public final class GroupRegistry {
    private final KeysetAccount keyset;
    private final ConcurrentHashMap<String, Group> groups = new ConcurrentHashMap<>();

    public GroupRegistry(KeysetAccount keyset) {
        this.keyset = keyset;
    }

    /** Returns the keyset they belong to. */
    public KeysetAccount keyset() {
        return keyset;
    }

    /** Returns the names of all there are, of those too that have a listener only. */
    Set<String> all() {
        return groups.keySet();
    }

    /** Refuses a group, or channels in one, beyond what there may be. */
    void requireRoom(boolean fresh, int more) {
        keyset.requireRoomForGroup(groups.size(), fresh, more);
    }

    /** Returns the channels of a group, none if there is no such group. */
    public List<Channel> channels(String group) {
        Group found = groups.get(group);
        return found == null ? List.of() : found.channels();
    }

    /** Returns the channels of a group and has {@code listener} told when they change. */
    public List<Channel> channels(String group, GroupListener listener) {
        return within(group, there -> {
            there.add(listener);
            return there.channels();
        });
    }

    public void forget(String group, GroupListener listener) {
        withinIfThere(group, there -> {
            there.remove(listener);
            return List.of();
        });
    }

    public List<GroupListener> add(String group, Collection<Channel> channels) {
        return add(group, channels, keyset.settings().channelGroupLimit());
    }

    public List<GroupListener> add(String group, Collection<Channel> channels, int limit) {
        return within(group, there -> there.addAll(channels, limit));
    }

    List<GroupListener> remove(String group, Collection<Channel> channels) {
        return withinIfThere(group, there -> there.removeAll(channels));
    }

    List<GroupListener> delete(String group) {
        return withinIfThere(group, Group::clear);
    }

    /** Returns the groups that have a channel, by name. */
    public List<ChannelGroup> names() {
        var names = new ArrayList<ChannelGroup>();
        groups.forEach((name, group) -> {
            if (!group.channels().isEmpty()) {
                names.add(new ChannelGroup(name));
            }
        });
        names.sort(null);
        return names;
    }

    /** Does something with a group, made if need be. */
    private <T> T within(String name, Function<Group, T> action) {
        while (true) {
            Group group = groups.get(name);
            if (group == null) {
                group = made(name);
            }
            group.enter();
            try {
                if (!group.isRemoved()) {
                    return done(name, group, action);
                }
            } finally {
                group.exit();
            }
        }
    }

    private Group made(String name) {
        Group fresh = new Group(keyset);
        // Counted before it is there, so that whoever drops it again finds it counted.
        keyset.references.incrementAndGet();
        Group there = groups.putIfAbsent(name, fresh);
        if (there == null) {
            return fresh;
        }
        keyset.references.decrementAndGet();
        return there;
    }

    private <T> List<T> withinIfThere(String name, Function<Group, List<T>> action) {
        Group group = groups.get(name);
        if (group == null) {
            return List.of();
        }
        group.enter();
        try {
            return group.isRemoved() ? List.of() : done(name, group, action);
        } finally {
            group.exit();
        }
    }

    private <T> T done(String name, Group group, Function<Group, T> action) {
        try {
            return action.apply(group);
        } finally {
            if (group.removeIfUnused()) {
                groups.remove(name, group);
                keyset.references.decrementAndGet();
            }
        }
    }
}

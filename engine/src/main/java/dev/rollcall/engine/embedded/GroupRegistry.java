package dev.rollcall.engine.embedded;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The channel groups of keysets. Safe from any thread. A group is there as long as it has a channel or a poll waits for it. */
final class GroupRegistry {
    private GroupRegistry() {}

    /** Returns the channels of a group, none if there is no such group. */
    static List<Channel> channels(Keyset keyset, String group) {
        Group found = keyset.groups.get(group);
        return found == null ? List.of() : found.channels();
    }

    /** Returns the channels of a group and has {@code poll} woken when they change. */
    static List<Channel> channels(Keyset keyset, String group, ParkedPoll poll) {
        var channels = new ArrayList<Channel>();
        keyset.groups.compute(group, (name, found) -> {
            Group there = existing(keyset, found);
            channels.addAll(there.channels(poll));
            return there;
        });
        return channels;
    }

    static void forget(Keyset keyset, String group, ParkedPoll poll) {
        keyset.groups.computeIfPresent(group, (name, found) -> {
            found.remove(poll);
            return keepIfUsed(keyset, found);
        });
    }

    static void add(Keyset keyset, String group, Collection<Channel> channels) {
        add(keyset, group, channels, keyset.settings().channelGroupLimit());
    }

    static void add(Keyset keyset, String group, Collection<Channel> channels, int limit) {
        var woken = new ArrayList<ParkedPoll>();
        keyset.groups.compute(group, (name, found) -> {
            Group there = found == null ? new Group() : found;
            woken.addAll(there.add(channels, limit));
            if (found == null) {
                keyset.references.incrementAndGet();
            }
            return keepIfUsed(keyset, there);
        });
        woken.forEach(ParkedPoll::regroup);
    }

    static void remove(Keyset keyset, String group, Collection<Channel> channels) {
        var woken = new ArrayList<ParkedPoll>();
        keyset.groups.computeIfPresent(group, (name, found) -> {
            woken.addAll(found.removeAll(channels));
            return keepIfUsed(keyset, found);
        });
        woken.forEach(ParkedPoll::regroup);
    }

    static void delete(Keyset keyset, String group) {
        var woken = new ArrayList<ParkedPoll>();
        keyset.groups.computeIfPresent(group, (name, found) -> {
            woken.addAll(found.clear());
            return keepIfUsed(keyset, found);
        });
        woken.forEach(ParkedPoll::regroup);
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

    private static Group existing(Keyset keyset, @Nullable Group found) {
        if (found != null) {
            return found;
        }
        keyset.references.incrementAndGet();
        return new Group();
    }

    private static @Nullable Group keepIfUsed(Keyset keyset, Group group) {
        if (group.hasPolls() || !group.channels().isEmpty()) {
            return group;
        }
        keyset.references.decrementAndGet();
        return null;
    }
}

package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.KeysetLimits;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.base.Expansion;
import dev.rollcall.engine.redis.link.Lane;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The channel groups of keysets, those of one keyset in one partition. Always read from Redis, so that a change is seen at once on every
 * node. Safe from any thread.
 */
final class Groups {
    /** What the script says where there may be no group more. */
    private static final long NO_MORE_GROUPS = 2;

    /** What it says where there may be no channel more in all of them. */
    private static final long NO_MORE_CHANNELS = 3;

    /** What it says where that cannot be told before all groups are counted. */
    private static final long UNCOUNTED = 4;

    private final Scripts scripts;
    private final SetReader members;
    private final GroupCounts counts;
    private final Capacity capacity;
    private final Names names;

    Groups(Scripts scripts, Names names, EngineTime time, Capacity capacity) {
        this.scripts = scripts;
        this.capacity = capacity;
        members = new SetReader(scripts);
        this.names = names;
        counts = new GroupCounts(scripts, names, members, time);
    }

    CompletableFuture<Void> add(Keyset keyset, ChannelGroup group, List<Channel> channels) {
        int limit = keyset.settings().channelGroupLimit();
        if (capacity.isFull(names.groupPartition(keyset.key))) {
            return CompletableFuture.failedFuture(Scripts.NO_ROOM);
        }
        KeysetLimits limits = keyset.settings().limits();
        Edit edit = new Edit("add", keyset.key, group, channels);
        return change(edit, limit, limits, false)
                .thenCompose(first -> first == UNCOUNTED
                        ? counts.count(keyset.key).thenCompose(done -> change(edit, limit, limits, true))
                        : CompletableFuture.completedFuture(first))
                .thenAccept(outcome -> {
                    if (outcome == NO_MORE_GROUPS) {
                        throw overLimit("max-groups", limits.groups());
                    }
                    if (outcome == NO_MORE_CHANNELS) {
                        throw overLimit("max-grouped-channels", limits.groupedChannels());
                    }
                    if (outcome < 0) {
                        throw new ProtocolException(
                                ErrorCode.INVALID_GROUP_REQUEST,
                                "channels in the group: " + -outcome + " (expected: at most " + limit + ")");
                    }
                });
    }

    CompletableFuture<Void> remove(SubscribeKey key, ChannelGroup group, List<Channel> channels) {
        return change(new Edit("remove", key, group, channels), 0, KeysetLimits.DEFAULT, true)
                .thenAccept(outcome -> {});
    }

    CompletableFuture<Void> delete(SubscribeKey key, ChannelGroup group) {
        return change(new Edit("delete", key, group, List.of()), 0, KeysetLimits.DEFAULT, true)
                .thenAccept(outcome -> {});
    }

    /** A change of a group. */
    private record Edit(String what, SubscribeKey key, ChannelGroup group, List<Channel> channels) {}

    /**
     * Changes a group.
     *
     * @param limit the most channels of it
     * @param byCounted whether it goes by the groups that are counted, even where some are not
     */
    private CompletableFuture<Long> change(Edit edit, int limit, KeysetLimits limits, boolean byCounted) {
        SubscribeKey key = edit.key;
        byte[][] keys = {
            names.last(names.groupPartition(key)),
            Names.bytes(names.group(key, edit.group.name())),
            names.groups(key),
            names.counts(names.groupPartition(key)),
            names.grouped(key)
        };
        List<String> arguments = new ArrayList<>(edit.channels.size() + 6);
        arguments.add(edit.what);
        arguments.add(edit.group.name());
        arguments.add(Integer.toString(limit));
        arguments.add(Integer.toString(limits.groups()));
        arguments.add(Integer.toString(limits.groupedChannels()));
        arguments.add(byCounted ? "1" : "0");
        edit.channels.forEach(channel -> arguments.add(channel.name()));
        return scripts.number(Script.GROUP, keys, arguments.toArray(String[]::new));
    }

    /** Returns the channels of a group in the order they were added. */
    CompletableFuture<List<Channel>> channels(SubscribeKey key, String group) {
        byte[] name = Names.bytes(names.group(key, group));
        return scripts.ask("zrange", Lane.BULK, name, commands -> commands.zrange(name, 0, -1))
                .thenApply(members -> members.stream()
                        .map(member -> new Channel(Names.text(member)))
                        .toList());
    }

    /** Returns the groups of a keyset, by name. */
    CompletableFuture<List<ChannelGroup>> names(SubscribeKey key) {
        return members.of(names.groups(key)).thenApply(found -> {
            List<ChannelGroup> groups = new ArrayList<>(found.size());
            found.forEach(name -> groups.add(new ChannelGroup(name)));
            groups.sort(null);
            return groups;
        });
    }

    /** Returns the channels of a heartbeat with the states that ride along, which those of groups hand down to their channels. */
    CompletableFuture<Map<Channel, Optional<State>>> statesByChannel(Keyset keyset, Heartbeat heartbeat) {
        return members(keyset, heartbeat.targets())
                .thenApply(members -> Expansion.states(heartbeat, group -> members.getOrDefault(group, List.of())));
    }

    /** Returns the channels of targets, groups resolved, each once. */
    CompletableFuture<List<Channel>> expanded(Keyset keyset, Targets targets) {
        if (targets.groups().isEmpty()) {
            return CompletableFuture.completedFuture(targets.channels());
        }
        return members(keyset, targets)
                .thenApply(members -> Expansion.channels(targets, group -> members.getOrDefault(group, List.of())));
    }

    /** Returns the channels of each group of targets; refuses groups that stand for more channels than one user may be in. */
    private CompletableFuture<Map<String, List<Channel>>> members(Keyset keyset, Targets targets) {
        Set<String> asked = new LinkedHashSet<>();
        targets.groups().forEach(group -> asked.add(group.name()));
        return members(keyset, List.copyOf(asked), targets.channels().size());
    }

    /**
     * Returns the channels of groups by name; refuses those that stand for more channels than one user may be in.
     *
     * @param named how many channels are named beside them
     */
    CompletableFuture<Map<String, List<Channel>>> members(Keyset keyset, List<String> asked, int named) {
        int most = keyset.settings().limits().channelsPerUser();
        AtomicInteger count = new AtomicInteger(named);
        return Slices.map(
                        asked,
                        Slices.AT_ONCE,
                        group -> channels(keyset.key, group).thenApply(channels -> {
                            requireFew(count.addAndGet(channels.size()), most);
                            return channels;
                        }))
                .thenApply(lists -> {
                    Map<String, List<Channel>> members = new HashMap<>();
                    for (int i = 0; i < lists.size(); i++) {
                        members.put(asked.get(i), lists.get(i));
                    }
                    return members;
                });
    }

    /** Refuses channel groups that stand for more channels than one user may be in. */
    static void requireFew(int channels, int most) {
        if (channels > most) {
            throw new ProtocolException(
                    ErrorCode.INVALID_ARGUMENT,
                    "channels of the channel groups: more than " + most + " (expected: at most max-channels-per-user)");
        }
    }

    /** Returns the refusal of what a limit of the keyset does not allow. */
    static ProtocolException overLimit(String setting, long most) {
        return new ProtocolException(
                ErrorCode.RATE_LIMITED, ErrorCode.RATE_LIMITED.text() + ", " + setting + ": " + most);
    }
}

package dev.rollcall.engine.redis;

import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.redis.link.Lane;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The channel groups of keysets, those of one keyset in one partition. Always read from Redis, so that a change is seen at once on every
 * node. Safe from any thread.
 */
final class Groups {
    private final Scripts scripts;
    private final SetReader members;
    private final Capacity capacity;
    private final Names names;

    Groups(Scripts scripts, Names names, Capacity capacity) {
        this.scripts = scripts;
        this.capacity = capacity;
        members = new SetReader(scripts);
        this.names = names;
    }

    CompletableFuture<Void> add(Keyset keyset, ChannelGroup group, List<Channel> channels) {
        int limit = keyset.settings().channelGroupLimit();
        if (capacity.isFull(names.groupPartition(keyset.key))) {
            return CompletableFuture.failedFuture(Scripts.NO_ROOM);
        }
        return change("add", keyset.key, group, limit, channels).thenAccept(outcome -> {
            if (outcome < 0) {
                throw new ProtocolException(
                        ErrorCode.INVALID_GROUP_REQUEST,
                        "channels in the group: " + -outcome + " (expected: at most " + limit + ")");
            }
        });
    }

    CompletableFuture<Void> remove(SubscribeKey key, ChannelGroup group, List<Channel> channels) {
        return change("remove", key, group, 0, channels).thenAccept(outcome -> {});
    }

    CompletableFuture<Void> delete(SubscribeKey key, ChannelGroup group) {
        return change("delete", key, group, 0, List.of()).thenAccept(outcome -> {});
    }

    private CompletableFuture<Long> change(
            String what, SubscribeKey key, ChannelGroup group, int limit, List<Channel> channels) {
        byte[][] keys = {
            names.last(names.groupPartition(key)),
            Names.bytes(names.group(key, group.name())),
            names.groups(key),
            names.counts(names.groupPartition(key))
        };
        List<String> arguments = new ArrayList<>(channels.size() + 3);
        arguments.add(what);
        arguments.add(group.name());
        arguments.add(Integer.toString(limit));
        channels.forEach(channel -> arguments.add(channel.name()));
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
    CompletableFuture<Map<Channel, Optional<State>>> statesByChannel(Heartbeat heartbeat) {
        Map<String, State> states = heartbeat.states();
        Map<Channel, Optional<State>> byChannel = new LinkedHashMap<>();
        for (Channel channel : heartbeat.targets().channels()) {
            byChannel.put(channel, Optional.ofNullable(states.get(channel.name())));
        }
        List<ChannelGroup> asked = heartbeat.targets().groups();
        return members(heartbeat.key(), asked).thenApply(lists -> {
            for (int i = 0; i < lists.size(); i++) {
                State ofGroup = states.get(asked.get(i).name());
                for (Channel channel : lists.get(i)) {
                    State own = states.get(channel.name());
                    Optional<State> state = Optional.ofNullable(own == null ? ofGroup : own);
                    byChannel.merge(channel, state, (before, now) -> now.isPresent() ? now : before);
                }
            }
            return byChannel;
        });
    }

    /** Returns the channels of targets, groups resolved, each once. */
    CompletableFuture<List<Channel>> expanded(SubscribeKey key, Targets targets) {
        if (targets.groups().isEmpty()) {
            return CompletableFuture.completedFuture(targets.channels());
        }
        return members(key, targets.groups()).thenApply(lists -> {
            Set<Channel> channels = new LinkedHashSet<>(targets.channels());
            lists.forEach(channels::addAll);
            return List.copyOf(channels);
        });
    }

    /** Returns the ordinary channels of each group. */
    private CompletableFuture<List<List<Channel>>> members(SubscribeKey key, List<ChannelGroup> asked) {
        return Slices.map(
                asked,
                Slices.AT_ONCE,
                group -> channels(key, group.name())
                        .thenApply(channels -> channels.stream()
                                .filter(channel -> !channel.isPresence())
                                .toList()));
    }
}

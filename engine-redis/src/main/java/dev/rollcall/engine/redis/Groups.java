package dev.rollcall.engine.redis;

import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.Targets;
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
    private final Link link;
    private final Names names;

    Groups(Scripts scripts, Link link, Names names) {
        this.scripts = scripts;
        this.link = link;
        this.names = names;
    }

    CompletableFuture<Void> add(Keyset keyset, ChannelGroup group, List<Channel> channels) {
        int limit = keyset.settings().channelGroupLimit();
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
        return scripts.guarded("zrange", link.commands().zrange(Names.bytes(names.group(key, group)), 0, -1))
                .thenApply(members -> members.stream()
                        .map(member -> new Channel(Names.text(member)))
                        .toList());
    }

    /** Returns the groups of a keyset, by name. */
    CompletableFuture<List<ChannelGroup>> names(SubscribeKey key) {
        return scripts.guarded("smembers", link.commands().smembers(names.groups(key)))
                .thenApply(members -> members.stream()
                        .map(member -> new ChannelGroup(Names.text(member)))
                        .sorted()
                        .toList());
    }

    /** Returns the channels of a heartbeat with the states that ride along, which those of groups hand down to their channels. */
    CompletableFuture<Map<Channel, Optional<State>>> statesByChannel(Heartbeat heartbeat) {
        Map<String, State> states = heartbeat.states();
        Map<Channel, Optional<State>> byChannel = new LinkedHashMap<>();
        for (Channel channel : heartbeat.targets().channels()) {
            byChannel.put(channel, Optional.ofNullable(states.get(channel.name())));
        }
        List<ChannelGroup> asked = heartbeat.targets().groups();
        return members(heartbeat.key(), asked).thenApply(members -> {
            for (int i = 0; i < members.size(); i++) {
                State ofGroup = states.get(asked.get(i).name());
                for (Channel channel : members.get(i)) {
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
        return members(key, targets.groups()).thenApply(members -> {
            Set<Channel> channels = new LinkedHashSet<>(targets.channels());
            members.forEach(channels::addAll);
            return List.copyOf(channels);
        });
    }

    /** Returns the ordinary channels of each group. */
    private CompletableFuture<List<List<Channel>>> members(SubscribeKey key, List<ChannelGroup> asked) {
        List<CompletableFuture<List<Channel>>> reads = new ArrayList<>();
        for (ChannelGroup group : asked) {
            reads.add(channels(key, group.name())
                    .thenApply(channels -> channels.stream()
                            .filter(channel -> !channel.isPresence())
                            .toList()));
        }
        return Stages.all(reads);
    }
}

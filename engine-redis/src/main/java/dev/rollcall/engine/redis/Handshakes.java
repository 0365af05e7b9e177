package dev.rollcall.engine.redis;

import dev.rollcall.engine.Subscribe;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Counts first subscribes and finds the positions their clients go on from. Safe from any thread. */
final class Handshakes {
    private final Presence presence;
    private final Groups groups;
    private final Scripts scripts;
    private final Names names;
    private final Topics topics;

    Handshakes(Presence presence, Groups groups, Scripts scripts, Names names, Topics topics) {
        this.presence = presence;
        this.groups = groups;
        this.scripts = scripts;
        this.names = names;
        this.topics = topics;
    }

    /** Returns a position before the user's own joins and after everything that was there when the handshake began. */
    CompletableFuture<Long> position(Keyset keyset, Subscribe subscribe) {
        Set<String> wantedGroups = new LinkedHashSet<>();
        for (ChannelGroup group : subscribe.groups()) {
            wantedGroups.add(group.base().name());
        }
        List<String> groupNames = List.copyOf(wantedGroups);
        return groups.members(keyset, groupNames, subscribe.channels().size())
                .thenCompose(members -> position(keyset, subscribe, Interest.of(subscribe, members)));
    }

    private CompletableFuture<Long> position(Keyset keyset, Subscribe subscribe, List<Interest> names) {
        List<Supplier<CompletableFuture<Long>>> prepared = new ArrayList<>();
        Set<Channel> watched = new HashSet<>();
        for (Interest wanted : names) {
            if (wanted.channel().isWildcard()) {
                for (int partition = 0; partition < this.names.partitions(); partition++) {
                    int one = partition;
                    prepared.add(() -> topics.wildcards().begin(keyset.key, wanted.channel(), one));
                }
            } else if (wanted.ofPresence()) {
                watched.add(wanted.channel());
            }
        }
        // Wildcards are recorded before the user joins: they hear their own join.
        return Slices.map(prepared, Slices.AT_ONCE, Supplier::get).thenCompose(wished -> {
            List<Long> known = new ArrayList<>(wished);
            List<Supplier<CompletableFuture<Long>>> positions = new ArrayList<>();
            Set<Integer> rest = new LinkedHashSet<>();
            for (Interest wanted : names) {
                rest.add(this.names.partition(keyset.key, wanted.channel().name()));
            }
            UserId user = keyset.settings().implicitHeartbeat() ? subscribe.user() : null;
            for (Interest wanted : names) {
                Channel channel = wanted.channel();
                if (user == null || !wanted.isCounted()) {
                    continue;
                }
                positions.add(() -> presence.handshake(
                                keyset,
                                channel,
                                user,
                                subscribe.timeoutSeconds(),
                                wanted.state(),
                                channel.isWildcard() || watched.contains(channel))
                        .thenApply(Presence.Outcome::position));
                if (keyset.isTracked(channel.name())) {
                    rest.remove(this.names.partition(keyset.key, channel.name()));
                }
            }
            if (names.isEmpty()) {
                rest.add(this.names.groupPartition(keyset.key));
            }
            rest.forEach(partition -> positions.add(() -> fence(partition)));
            return Slices.map(positions, Slices.AT_ONCE, Supplier::get).thenApply(all -> {
                known.addAll(all);
                return known.stream().mapToLong(Long::longValue).min().orElseThrow();
            });
        });
    }

    /** Returns a timetoken of now in all partitions: the clocks of those that are behind are raised to that of the foremost. */
    CompletableFuture<Long> now() {
        return fences(0).thenCompose(first -> {
            long latest = Collections.max(first);
            return names.partitions() == 1
                    ? CompletableFuture.completedFuture(latest)
                    : fences(latest).thenApply(raised -> latest);
        });
    }

    private CompletableFuture<List<Long>> fences(long least) {
        List<CompletableFuture<Long>> all = new ArrayList<>();
        for (int partition = 0; partition < names.partitions(); partition++) {
            all.add(fence(partition, least));
        }
        return Stages.all(all);
    }

    /** Returns a timetoken of now in a partition. */
    CompletableFuture<Long> fence(int partition) {
        return fence(partition, 0);
    }

    private CompletableFuture<Long> fence(int partition, long least) {
        byte[][] keys = {names.last(partition)};
        String micros = Long.toString((least + 9) / 10);
        return scripts.timetoken(Script.FENCE, keys, Scripts.values(micros, names.fences(partition)));
    }
}

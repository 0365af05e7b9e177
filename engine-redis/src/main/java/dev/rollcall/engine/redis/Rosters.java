package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.RosterPage;
import dev.rollcall.engine.redis.link.Lane;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.Occupant;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads rosters, a page at a time. The first page and the bare occupancy of a channel are read once for everybody who asks at the same
 * time, and kept for as long as the keyset allows, but never past a change that this node has acknowledged or heard of. Safe from any
 * thread.
 */
final class Rosters {
    private static final int MOST_KEPT = 10_000;

    /** How many sets are read at once, how many pages, and how many occupancies with one call. */
    private static final int SETS_AT_ONCE = 4;

    private static final int PAGES_AT_ONCE = 32;
    private static final int SLICE = 500;

    private final Scripts scripts;
    private final Names names;
    private final EngineTime time;
    private final SetReader sets;

    /** Looks at whole keysets are few at a time: one may be long. */
    private final Gate global = new Gate(4, 256);

    private final ConcurrentHashMap<Key, Kept> kept = new ConcurrentHashMap<>();

    Rosters(Scripts scripts, Names names, EngineTime time) {
        this.scripts = scripts;
        sets = new SetReader(scripts);
        this.names = names;
        this.time = time;
    }

    private record Key(SubscribeKey key, String channel, boolean users) {}

    /** A page that is there or on its way. */
    private record Kept(CompletableFuture<RosterPage> page, long until) {}

    /** Forgets what is kept of a channel. To be called after a change and before it is acknowledged. */
    void changed(SubscribeKey key, Channel channel) {
        kept.remove(new Key(key, channel.name(), true));
        kept.remove(new Key(key, channel.name(), false));
    }

    /** Returns what a query asks of one channel. */
    CompletableFuture<RosterPage> page(Keyset keyset, Channel channel, HereNowQuery query) {
        if (!keyset.isTracked(channel.name())) {
            return CompletableFuture.completedFuture(new RosterPage(channel, 0, List.of()));
        }
        boolean users = query.includeUsers() && query.limit() > 0;
        if (users && (query.limit() != Limits.HERE_NOW_PAGE || query.offset() != 0)) {
            return read(keyset.key, channel, query.offset(), query.limit());
        }
        int limit = users ? Limits.HERE_NOW_PAGE : 0;
        long keep = keyset.settings().hereNowCache().toMillis();
        if (keep == 0) {
            return read(keyset.key, channel, 0, limit);
        }
        long now = time.monotonicMillis();
        Key key = new Key(keyset.key, channel.name(), users);
        Kept known = kept.get(key);
        if (known != null && known.until - now > 0) {
            return known.page;
        }
        CompletableFuture<RosterPage> page = new CompletableFuture<>();
        Kept fresh = new Kept(page, now + keep);
        if (kept.size() >= MOST_KEPT) {
            kept.clear();
        }
        kept.put(key, fresh);
        read(keyset.key, channel, 0, limit).whenComplete((read, failure) -> {
            if (failure == null) {
                page.complete(read);
            } else {
                kept.remove(key, fresh);
                page.completeExceptionally(failure);
            }
        });
        return page;
    }

    /** Forgets what is too old. To be called every second or so. */
    void trim() {
        long now = time.monotonicMillis();
        kept.values().removeIf(page -> page.until - now <= 0);
    }

    private CompletableFuture<RosterPage> read(SubscribeKey key, Channel channel, int offset, int limit) {
        byte[][] keys = {names.order(key, channel.name()), names.states(key, channel.name())};
        return scripts.list(Script.PAGE, keys, Integer.toString(offset), Integer.toString(limit))
                .thenApply(reply -> {
                    List<byte[]> users = reply.list(1);
                    List<byte[]> states = reply.list(2);
                    List<Occupant> occupants = new ArrayList<>(users.size());
                    for (int i = 0; i < users.size(); i++) {
                        byte[] state = states.isEmpty() ? null : states.get(i);
                        occupants.add(new Occupant(new UserId(Names.text(users.get(i))), state(state)));
                    }
                    return new RosterPage(channel, (int) reply.number(0), occupants);
                });
    }

    /** Returns the channels of a keyset that have an occupant, by name. */
    CompletableFuture<List<Channel>> active(SubscribeKey key) {
        List<Integer> partitions = new ArrayList<>();
        for (int partition = 0; partition < names.partitions(); partition++) {
            partitions.add(partition);
        }
        return Slices.map(partitions, SETS_AT_ONCE, partition -> sets.of(names.active(partition, key)))
                .thenApply(found -> {
                    List<Channel> channels = new ArrayList<>();
                    found.forEach(part -> part.forEach(name -> channels.add(new Channel(name))));
                    channels.sort(null);
                    return channels;
                });
    }

    /** Returns the pages of all channels of a keyset that have an occupant, by name. */
    CompletableFuture<List<RosterPage>> everywhere(Keyset keyset, HereNowQuery query) {
        return global.through(() -> active(keyset.key)
                .thenApply(channels -> channels.stream()
                        .filter(channel -> keyset.isTracked(channel.name()))
                        .toList())
                .thenCompose(channels -> query.includeUsers() && query.limit() > 0
                        ? Slices.map(channels, PAGES_AT_ONCE, channel -> page(keyset, channel, query))
                        : occupancies(keyset.key, channels))
                .thenApply(pages ->
                        pages.stream().filter(page -> page.occupancy() > 0).toList()));
    }

    private CompletableFuture<List<RosterPage>> occupancies(SubscribeKey key, List<Channel> channels) {
        List<RosterPage> pages = Collections.synchronizedList(new ArrayList<>(channels.size()));
        return Slices.each(
                        names.byPartition(key, channels, SLICE),
                        SETS_AT_ONCE,
                        slice -> slice.isEmpty()
                                ? CompletableFuture.completedFuture(null)
                                : scripts.list(Script.OCCUPANCIES, names.orders(key, slice))
                                        .thenAccept(counts -> {
                                            for (int i = 0; i < slice.size(); i++) {
                                                pages.add(new RosterPage(
                                                        slice.get(i), (int) counts.number(i), List.of()));
                                            }
                                        }))
                .thenApply(done -> {
                    pages.sort(Comparator.comparing(RosterPage::channel));
                    return pages;
                });
    }

    /** Returns a user's state in a channel, or null if they have none. */
    CompletableFuture<@Nullable State> state(SubscribeKey key, Channel channel, UserId user) {
        byte[] states = names.states(key, channel.name());
        byte[] field = Names.bytes(user.value());
        return scripts.<byte @Nullable []>ask("hget", Lane.BULK, states, commands -> commands.hget(states, field))
                .thenApply(Rosters::state);
    }

    private static @Nullable State state(byte @Nullable [] json) {
        return json == null || json.length == 0 ? null : State.ofJson(json);
    }
}

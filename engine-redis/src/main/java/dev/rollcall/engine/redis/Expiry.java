package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.engine.redis.link.Link;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Departure;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends leases whose time is over, those of many channels with one call, which is a few milliseconds of Redis at most; a master has two such
 * calls at a time, so that others get their turn. Safe from any thread.
 */
final class Expiry {
    private static final Logger log = LoggerFactory.getLogger(Expiry.class);

    /** Most leases that one call ends, and most channels it looks into. */
    private static final int MOST_LEASES = 400;

    private static final int MOST_CHANNELS = 100;

    /** Most wildcards over them. */
    private static final int MOST_WILDCARDS = 500;

    /** How many calls are on their way at once: one is carried out while the answer of the other is taken up. */
    private static final int AT_ONCE = 2;

    /** In how many parts crowded channels are emptied before it is looked what else is due. */
    private static final int PARTS = 24;

    /** After how many masters those that there are no longer are forgotten. */
    private static final int MOST_MASTERS = 1000;

    private final Link link;
    private final Scripts scripts;
    private final Names names;
    private final Presence presence;
    private final EngineListener listener;
    private final Function<SubscribeKey, Keyset> keysets;
    private final Map<String, Gate> gates = new ConcurrentHashMap<>();

    Expiry(Store store, Presence presence, EngineListener listener, Function<SubscribeKey, Keyset> keysets) {
        link = store.link();
        scripts = store.scripts();
        names = store.names();
        this.presence = presence;
        this.listener = listener;
        this.keysets = keysets;
    }

    /** A channel in which something is due, with the name that scripts have for it. */
    private record Due(String member, Keyset keyset, Channel channel) {}

    /**
     * Ends what is over in channels of a partition, and some of what is over where that is much.
     *
     * @param members the channels, as scripts name them
     * @param gone takes who went, whose own lists are to be told
     * @return whether all went well; what did not is due still
     */
    CompletableFuture<Boolean> expire(int partition, List<byte[]> members, Queue<UserIndex.Change> gone) {
        Run run = new Run(partition, gone);
        List<Due> due = new ArrayList<>(members.size());
        for (byte[] member : members) {
            Due one = due(Names.text(member));
            if (one == null) {
                run.failed.set(true);
            } else {
                due.add(one);
            }
        }
        return run.expire(slices(due))
                .thenCompose(done -> run.expire(parts(List.copyOf(run.crowded))))
                .thenApply(done -> !run.failed.get());
    }

    private @Nullable Due due(String member) {
        try {
            return new Due(member, keysets.apply(Names.keyOf(member)), Names.channelOf(member));
        } catch (Throwable e) {
            // What one keyset or name costs, others do not pay.
            FatalErrors.check(e);
            log.warn("sweep failed member={}", member, e);
            return null;
        }
    }

    /** Returns channels in slices of one call. Those under many wildcards have many keys, and weigh as much. */
    private static List<List<Due>> slices(List<Due> due) {
        List<List<Due>> slices = new ArrayList<>();
        List<Due> slice = new ArrayList<>();
        long weight = 0;
        for (Due one : due) {
            long dots = one.member.chars().filter(character -> character == '.').count();
            if (slice.size() == MOST_CHANNELS || weight + dots > MOST_WILDCARDS && !slice.isEmpty()) {
                slices.add(slice);
                slice = new ArrayList<>();
                weight = 0;
            }
            slice.add(one);
            weight += dots;
        }
        if (!slice.isEmpty()) {
            slices.add(slice);
        }
        return slices;
    }

    /** Returns what empties crowded channels a part at a time, in turn. */
    private static List<List<Due>> parts(List<Due> crowded) {
        List<List<Due>> parts = new ArrayList<>();
        for (int i = 0; i < PARTS && !crowded.isEmpty(); i++) {
            parts.add(List.of(crowded.get(i % crowded.size())));
        }
        return parts;
    }

    private Gate gate(int partition) {
        if (gates.size() > MOST_MASTERS) {
            gates.clear();
        }
        return gates.computeIfAbsent(link.masterOf(partition), any -> new Gate(AT_ONCE, Integer.MAX_VALUE));
    }

    /** What is being done about what is due in a partition. */
    private final class Run {
        private final int partition;
        private final Queue<UserIndex.Change> gone;

        /** Where there is more to do than one call does. */
        private final Queue<Due> crowded = new ConcurrentLinkedQueue<>();

        private final AtomicBoolean failed = new AtomicBoolean();

        Run(int partition, Queue<UserIndex.Change> gone) {
            this.partition = partition;
            this.gone = gone;
        }

        /** Makes a call for each slice; if one fails, the others go on. */
        CompletableFuture<Void> expire(List<List<Due>> slices) {
            Gate gate = gate(partition);
            return Slices.each(
                    slices,
                    AT_ONCE,
                    slice -> gate.through(() -> call(partition, slice))
                            .thenCompose(reply -> told(slice, reply))
                            .exceptionally(failure -> {
                                failed.set(true);
                                log.debug("sweep failed partition={}", partition, failure);
                                return null;
                            }));
        }

        private CompletableFuture<Void> told(List<Due> slice, Reply reply) {
            List<CompletableFuture<Void>> notices = new ArrayList<>();
            for (int i = 0; i < slice.size(); i++) {
                Due due = slice.get(i);
                Reply one = reply.reply(i);
                int occupancy = tell(due, one, gone);
                String failure = one.textOrNull(0);
                if (failure != null) {
                    failed.set(true);
                    log.debug("sweep failed member={} because={}", due.member, failure);
                } else if (one.number(0) == 1) {
                    crowded.add(due);
                }
                if (occupancy == 0) {
                    notices.add(presence.notice(due.keyset, due.channel, "inactive"));
                }
            }
            return Stages.done(notices);
        }
    }

    private CompletableFuture<Reply> call(int partition, List<Due> slice) {
        List<byte[]> keys = names.ofPartition(partition);
        Map<List<String>, Integer> settings = new LinkedHashMap<>();
        List<String> channels = new ArrayList<>(3 * slice.size());
        for (Due due : slice) {
            String channel = due.channel.name();
            int count = names.addChannel(keys, due.keyset.key, channel);
            List<String> known = due.keyset.settings(channel);
            settings.putIfAbsent(known, settings.size());
            channels.add(due.member);
            channels.add(Integer.toString(count));
            channels.add(String.valueOf(settings.get(known)));
        }
        List<String> arguments = new ArrayList<>();
        arguments.add(Integer.toString(MOST_LEASES));
        arguments.add(Integer.toString(settings.size()));
        settings.keySet().forEach(arguments::addAll);
        arguments.addAll(channels);
        return scripts.list(Script.EXPIRE, keys.toArray(byte[][]::new), arguments.toArray(String[]::new));
    }

    /** Tells of those who went from a channel, and returns how many are left, or -1 where nobody went. */
    private int tell(Due due, Reply reply, Queue<UserIndex.Change> gone) {
        int occupancy = -1;
        for (int i = 1; i < reply.size(); i += 5) {
            UserId user = new UserId(reply.text(i));
            Departure cause = FeedCodec.departure(reply.number(i + 1));
            occupancy = (int) reply.number(i + 2);
            String micros = reply.text(i + 3);
            listener.onLateness(reply.number(i + 4));
            presence.tellDeparture(due.keyset, due.channel, user, cause, occupancy, micros);
            gone.add(new UserIndex.Change(due.keyset.key, user, due.channel, false, micros));
        }
        return occupancy;
    }
}

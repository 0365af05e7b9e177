package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.protocol.SubscribeKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is due in the partitions this node sweeps: timeouts, interval events, forgetting, repairs. Each partition is swept by one node;
 * when that falls silent, whichever node asks first takes over. Every step is checked once more by the script that takes it, so two
 * sweepers at once do no harm. Safe from any thread.
 */
final class Sweeper {
    private static final Logger log = LoggerFactory.getLogger(Sweeper.class);
    /** Most channels with something due that are looked for at once. */
    private static final int MOST = 500;

    /** Most parts in which one channel is emptied before others get their turn. */
    private static final int MOST_PARTS = 10;

    /** Most rounds one after the other. */
    private static final int MOST_ROUNDS = 100;

    private final Scripts scripts;
    private final Names names;
    private final Presence presence;
    private final UserIndex users;
    private final EngineTime time;
    private final Function<SubscribeKey, Keyset> keysets;
    private final RedisOptions options;
    private final AtomicIntegerArray busy;
    private final AtomicLongArray notBefore;
    private final AtomicLongArray born;

    /** Whether this node sweeps a partition, and when it last said so. */
    private final AtomicIntegerArray sweeps;

    private final AtomicLongArray askedAt;
    private final AtomicReferenceArray<CompletableFuture<Void>> indexing;
    private final RedisClock clock;
    private final IntConsumer restarted;

    Sweeper(
            Scripts scripts,
            Names names,
            Presence presence,
            UserIndex users,
            EngineTime time,
            Function<SubscribeKey, Keyset> keysets,
            RedisOptions options,
            RedisClock clock,
            IntConsumer restarted) {
        this.scripts = scripts;
        this.names = names;
        this.presence = presence;
        this.users = users;
        this.time = time;
        this.keysets = keysets;
        this.options = options;
        busy = new AtomicIntegerArray(names.partitions());
        notBefore = new AtomicLongArray(names.partitions());
        born = new AtomicLongArray(names.partitions());
        sweeps = new AtomicIntegerArray(names.partitions());
        askedAt = new AtomicLongArray(names.partitions());
        this.clock = clock;
        indexing = new AtomicReferenceArray<>(names.partitions());
        for (int partition = 0; partition < names.partitions(); partition++) {
            indexing.set(partition, CompletableFuture.completedFuture(null));
        }
        this.restarted = restarted;
    }

    /** Looks once into every partition that this node sweeps or may sweep now. */
    void run() {
        long now = time.monotonicMillis();
        for (int partition = 0; partition < names.partitions(); partition++) {
            if (notBefore.get(partition) - now <= 0 && busy.compareAndSet(partition, 0, 1)) {
                int swept = partition;
                sweepOn(partition, MOST_ROUNDS).whenComplete((more, failure) -> busy.set(swept, 0));
            } else if (sweeps.get(partition) == 1
                    && now - askedAt.get(partition) >= options.sweeperTimeout().toMillis() / 2) {
                // Whoever has much to do is not silent: else it would be taken for an outage, and everybody given a
                // grace.
                look(partition, 0);
            }
        }
    }

    /** Sweeps again at once while there is much to do. */
    private CompletableFuture<Boolean> sweepOn(int partition, int rounds) {
        return sweep(partition)
                .thenCompose(more ->
                        more && rounds > 1 ? sweepOn(partition, rounds - 1) : CompletableFuture.completedFuture(more));
    }

    /** Does everything that is due in every partition this node can sweep. */
    CompletableFuture<Void> runToTheEnd() {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int partition = 0; partition < names.partitions(); partition++) {
            all.add(runToTheEnd(partition));
        }
        return Stages.done(all);
    }

    private CompletableFuture<Void> runToTheEnd(int partition) {
        return sweep(partition)
                .thenCompose(more -> more ? runToTheEnd(partition) : CompletableFuture.completedFuture(null));
    }

    /** Returns whether anything was due. */
    private CompletableFuture<Boolean> sweep(int partition) {
        return look(partition, MOST).thenCompose(reply -> {
            clock.told(reply.number(2));
            learn(partition, reply.number(1));
            sweeps.set(partition, (int) reply.number(0));
            if (reply.number(0) == 0) {
                notBefore.set(
                        partition,
                        time.monotonicMillis() + options.sweeperTimeout().toMillis() / 2);
                return CompletableFuture.completedFuture(false);
            }
            return doWhatIsDue(partition, reply);
        });
    }

    /** Says that this node sweeps a partition, if nobody else does, and finds what is due. */
    private CompletableFuture<Reply> look(int partition, int most) {
        askedAt.set(partition, time.monotonicMillis());
        return scripts.list(
                Script.SWEEP,
                names.sweep(partition),
                options.node(),
                Long.toString(options.sweeperTimeout().toMillis()),
                Long.toString(options.outagePatience().toMillis()),
                Integer.toString(most));
    }

    /** Notes when a partition was born; where that is another time than before, it has been emptied. */
    private void learn(int partition, long micros) {
        long before = born.getAndSet(partition, micros);
        if (before != 0 && before != micros) {
            log.warn("redis lost everything in partition={}", partition);
            restarted.accept(partition);
        }
    }

    private CompletableFuture<Boolean> doWhatIsDue(int partition, Reply reply) {
        AtomicBoolean failed = new AtomicBoolean();
        Queue<UserIndex.Change> gone = new ConcurrentLinkedQueue<>();
        List<byte[]> due = reply.list(3);
        List<byte[]> intervals = reply.list(4);
        List<Integer> repairs = new ArrayList<>();
        List<byte[]> unindexed = reply.list(5);
        for (int i = 0; i < unindexed.size(); i += 2) {
            repairs.add(i);
        }
        boolean more = !due.isEmpty() || !intervals.isEmpty();
        return Slices.each(
                        due,
                        Slices.AT_ONCE,
                        member -> tried(Names.text(member), failed, name -> expire(name, gone, MOST_PARTS)))
                .thenCompose(done -> Slices.each(
                        intervals,
                        Slices.AT_ONCE,
                        member -> tried(
                                Names.text(member),
                                failed,
                                name -> presence.interval(keysets.apply(Names.keyOf(name)), Names.channelOf(name)))))
                .thenCompose(done -> index(partition, gone))
                .thenCompose(done -> Slices.each(
                        repairs,
                        Slices.AT_ONCE,
                        i -> tried(
                                Names.text(unindexed.get(i)),
                                failed,
                                name -> users.repair(name, Names.text(unindexed.get(i + 1))))))
                // What failed is due still, and is not tried again and again at once.
                .thenApply(done -> more && !failed.get());
    }

    /** Has lists told of who went, which goes on while more leases end; completes once those of the round before are told. */
    private CompletableFuture<Void> index(int partition, Queue<UserIndex.Change> gone) {
        CompletableFuture<Void> before = indexing.get(partition);
        if (!gone.isEmpty()) {
            // Where that fails, it is found among what is not indexed.
            indexing.set(partition, users.noteAll(gone).exceptionally(failure -> null));
        }
        return before;
    }

    /** Ends the leases of a channel, in a few parts, so that others get their turn. */
    private CompletableFuture<?> expire(String name, Queue<UserIndex.Change> gone, int parts) {
        return presence.expire(keysets.apply(Names.keyOf(name)), Names.channelOf(name), gone)
                .thenCompose(more ->
                        more && parts > 1 ? expire(name, gone, parts - 1) : CompletableFuture.completedFuture(null));
    }

    /** Does one piece of work; if it fails, the others go on, and it is found due again. */
    private static CompletableFuture<?> tried(String name, AtomicBoolean failed, Work work) {
        try {
            return work.on(name).exceptionally(failure -> {
                failed.set(true);
                log.debug("sweep failed member={}", name, failure);
                return null;
            });
        } catch (RuntimeException e) {
            failed.set(true);
            log.warn("sweep failed member={}", name, e);
            return CompletableFuture.completedFuture(null);
        }
    }

    @FunctionalInterface
    private interface Work {
        CompletableFuture<?> on(String name);
    }
}

package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.protocol.SubscribeKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
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
    private static final int MOST = 1000;

    /** Of how many goings lists need not be told before what else is due: who went is gone from the roster, which is what counts. */
    private static final int MOST_UNTOLD = 100_000;

    /** How many of them are taken up at once. */
    private static final int TOLD_AT_ONCE = 4000;

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    /** Most rounds one after the other. */
    private static final int MOST_ROUNDS = 100;

    private final Scripts scripts;
    private final Names names;
    private final Presence presence;
    private final Expiry expiry;
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
    private final List<Untold> untold = new ArrayList<>();
    private final RedisClock clock;
    private volatile IntConsumer restarted = partition -> {};

    Sweeper(
            Store store,
            Presence presence,
            Expiry expiry,
            UserIndex users,
            EngineTime time,
            Function<SubscribeKey, Keyset> keysets,
            RedisOptions options) {
        scripts = store.scripts();
        names = store.names();
        clock = store.clock();
        this.presence = presence;
        this.expiry = expiry;
        this.users = users;
        this.time = time;
        this.keysets = keysets;
        this.options = options;
        busy = new AtomicIntegerArray(names.partitions());
        notBefore = new AtomicLongArray(names.partitions());
        born = new AtomicLongArray(names.partitions());
        sweeps = new AtomicIntegerArray(names.partitions());
        askedAt = new AtomicLongArray(names.partitions());
        for (int partition = 0; partition < names.partitions(); partition++) {
            untold.add(new Untold());
        }
    }

    /** Has {@code action} told of a partition that has lost everything. */
    void onRestart(IntConsumer action) {
        restarted = action;
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
                .thenCompose(more ->
                        more ? runToTheEnd(partition) : untold.get(partition).telling());
    }

    /** Returns whether anything was due. */
    private CompletableFuture<Boolean> sweep(int partition) {
        return look(partition, MOST).thenCompose(reply -> {
            clock.told(reply.number(2));
            learn(partition, reply.number(1));
            sweeps.set(partition, (int) reply.number(0));
            if (reply.number(0) == 0) {
                notBefore.set(partition, time.monotonicMillis() + untilNextLook(reply.number(3)));
                return CompletableFuture.completedFuture(false);
            }
            return doWhatIsDue(partition, reply);
        });
    }

    /**
     * Returns after how many milliseconds to look again where another node sweeps: before that falls silent for its time there is no use in
     * it, and of many nodes not all look at the same moment.
     */
    private long untilNextLook(long othersMillis) {
        long half = options.sweeperTimeout().toMillis() / 2;
        long others = Math.max(0, Math.min(othersMillis, 2 * half));
        return Math.max(half, others + ThreadLocalRandom.current().nextLong(half + 1));
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
        Untold gone = untold.get(partition);
        List<byte[]> due = reply.list(3);
        List<byte[]> intervals = reply.list(4);
        List<byte[]> unindexed = reply.list(5);
        boolean more = !due.isEmpty() || !intervals.isEmpty();
        return expiry.expire(partition, due, gone.changes)
                .thenAccept(well -> {
                    if (!well) {
                        failed.set(true);
                    }
                })
                .thenCompose(done -> Slices.each(
                        intervals,
                        Slices.AT_ONCE,
                        member -> tried(
                                Names.text(member),
                                failed,
                                name -> presence.interval(keysets.apply(Names.keyOf(name)), Names.channelOf(name)))))
                .thenCompose(done -> gone.tell(more))
                // What is told in a moment needs no repair.
                .thenCompose(done -> unindexed.isEmpty() || !gone.changes.isEmpty()
                        ? DONE
                        : tried("unindexed", failed, name -> users.repairAll(unindexed)))
                // What failed is due still, and is not tried again and again at once.
                .thenApply(done -> more && !failed.get());
    }

    private int untoldInAll() {
        int sum = 0;
        for (Untold of : untold) {
            sum += of.changes.size();
        }
        return sum;
    }

    /** Who went from the channels of a partition, and whose own lists do not say so yet. */
    private final class Untold {
        private final Queue<UserIndex.Change> changes = new LinkedBlockingQueue<>();
        private CompletableFuture<Void> telling = DONE;

        /** Completes when all of them are told that were there when it began. */
        synchronized CompletableFuture<Void> telling() {
            return telling;
        }

        /** Has lists told, which goes on while more leases end; where more is due, not before it must be. Completes when there is room again. */
        synchronized CompletableFuture<Void> tell(boolean more) {
            boolean isMuch = more && untoldInAll() > MOST_UNTOLD;
            if (telling.isDone() && !changes.isEmpty() && (!more || isMuch)) {
                telling = tellAll();
            }
            return isMuch ? telling : DONE;
        }

        private CompletableFuture<Void> tellAll() {
            List<UserIndex.Change> some = new ArrayList<>();
            for (UserIndex.Change next = changes.poll(); next != null; next = changes.poll()) {
                some.add(next);
                if (some.size() == TOLD_AT_ONCE) {
                    break;
                }
            }
            // Where that fails, it is found among what is not indexed.
            return some.isEmpty()
                    ? DONE
                    : users.noteAll(some).exceptionally(failure -> null).thenCompose(done -> tellAll());
        }
    }

    /** Does one piece of work; if it fails, the others go on, and it is found due again. */
    private static CompletableFuture<Void> tried(String name, AtomicBoolean failed, Work work) {
        try {
            return work.on(name).handle((done, failure) -> {
                if (failure != null) {
                    failed.set(true);
                    log.debug("sweep failed member={}", name, failure);
                }
                return null;
            });
        } catch (Throwable e) {
            FatalErrors.check(e);
            // An Error in the work of one must not end the sweep of all.
            failed.set(true);
            log.warn("sweep failed member={}", name, e);
            return DONE;
        }
    }

    @FunctionalInterface
    private interface Work {
        CompletableFuture<?> on(String name);
    }
}

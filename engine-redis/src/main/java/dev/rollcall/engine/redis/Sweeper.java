package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.protocol.SubscribeKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is due in the partitions this node sweeps: timeouts, interval events, forgetting, repairs. Each partition is swept by one node;
 * when that falls silent, whichever node asks first takes over. Every step is checked once more by the script that takes it, so two
 * sweepers at once do no harm. Safe from any thread.
 */
final class Sweeper {
    private static final Logger log = LoggerFactory.getLogger(Sweeper.class);
    private static final int MOST = 200;

    private final Scripts scripts;
    private final Names names;
    private final Presence presence;
    private final UserIndex users;
    private final EngineTime time;
    private final Function<SubscribeKey, Keyset> keysets;
    private final RedisOptions options;
    private final AtomicIntegerArray busy;
    private final AtomicLongArray notBefore;

    Sweeper(
            Scripts scripts,
            Names names,
            Presence presence,
            UserIndex users,
            EngineTime time,
            Function<SubscribeKey, Keyset> keysets,
            RedisOptions options) {
        this.scripts = scripts;
        this.names = names;
        this.presence = presence;
        this.users = users;
        this.time = time;
        this.keysets = keysets;
        this.options = options;
        busy = new AtomicIntegerArray(names.partitions());
        notBefore = new AtomicLongArray(names.partitions());
    }

    /** Looks once into every partition that this node sweeps or may sweep now. */
    void run() {
        long now = time.monotonicMillis();
        for (int partition = 0; partition < names.partitions(); partition++) {
            if (notBefore.get(partition) - now <= 0 && busy.compareAndSet(partition, 0, 1)) {
                int swept = partition;
                sweep(partition).whenComplete((more, failure) -> busy.set(swept, 0));
            }
        }
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
        return scripts.list(
                        Script.SWEEP,
                        names.sweep(partition),
                        options.node(),
                        Long.toString(options.sweeperTimeout().toMillis()),
                        Long.toString(options.outagePatience().toMillis()),
                        Integer.toString(MOST))
                .thenCompose(reply -> {
                    if (reply.number(0) == 0) {
                        notBefore.set(
                                partition,
                                time.monotonicMillis()
                                        + options.sweeperTimeout().toMillis() / 2);
                        return CompletableFuture.completedFuture(false);
                    }
                    return doWhatIsDue(reply);
                });
    }

    private CompletableFuture<Boolean> doWhatIsDue(Reply reply) {
        List<CompletableFuture<?>> work = new ArrayList<>();
        for (byte[] member : reply.list(1)) {
            String name = Names.text(member);
            work.add(tried(name, () -> presence.expire(keysets.apply(Names.keyOf(name)), Names.channelOf(name))));
        }
        for (byte[] member : reply.list(2)) {
            String name = Names.text(member);
            work.add(tried(name, () -> presence.interval(keysets.apply(Names.keyOf(name)), Names.channelOf(name))));
        }
        boolean more = !work.isEmpty();
        List<byte[]> unindexed = reply.list(3);
        for (int i = 0; i < unindexed.size(); i += 2) {
            String name = Names.text(unindexed.get(i));
            String micros = Names.text(unindexed.get(i + 1));
            work.add(tried(name, () -> users.repair(name, micros)));
        }
        return Stages.done(work).thenApply(done -> more);
    }

    /** Does one piece of work; if it fails, the others go on, and it is found due again. */
    private static CompletableFuture<?> tried(String name, Work work) {
        try {
            return work.begin().exceptionally(failure -> {
                log.debug("sweep failed member={}", name, failure);
                return null;
            });
        } catch (RuntimeException e) {
            log.warn("sweep failed member={}", name, e);
            return CompletableFuture.completedFuture(null);
        }
    }

    @FunctionalInterface
    private interface Work {
        CompletableFuture<?> begin();
    }
}

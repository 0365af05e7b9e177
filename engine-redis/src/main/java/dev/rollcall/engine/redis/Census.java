package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * How much all partitions hold together. The scripts keep count as they go, and this asks for it now and then: so whoever wants to know
 * waits for nothing. Safe from any thread, but for {@link #maintain}.
 */
final class Census {
    private static final int PERIOD_SECONDS = 5;

    private final Scripts scripts;
    private final Names names;
    private int seconds;
    private volatile EngineCounts whole = new EngineCounts(0, 0, 0, 0, 0, 0, 0, 0);

    Census(Scripts scripts, Names names) {
        this.scripts = scripts;
        this.names = names;
    }

    /** Asks every few seconds. To be called every second or so, by one thread. */
    void maintain() {
        if (++seconds % PERIOD_SECONDS == 0) {
            refresh();
        }
    }

    /** Asks every partition. If one does not answer, what was known stays. */
    CompletableFuture<Void> refresh() {
        List<CompletableFuture<Reply>> partitions = new ArrayList<>();
        for (int partition = 0; partition < names.partitions(); partition++) {
            byte[][] keys = {names.counts(partition), names.due(partition)};
            partitions.add(scripts.list(Script.COUNTS, keys));
        }
        return Stages.all(partitions).thenAccept(replies -> {
            long[] sums = new long[4];
            for (Reply reply : replies) {
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += reply.number(i);
                }
            }
            whole = new EngineCounts(0, sums[3], sums[0], sums[1], 0, 0, 0, sums[2]);
        });
    }

    /** Returns what the service as a whole holds, with nothing where it is the node that counts. */
    EngineCounts whole() {
        return whole;
    }
}

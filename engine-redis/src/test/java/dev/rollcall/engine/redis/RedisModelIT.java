package dev.rollcall.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.contract.ModelRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random clients against the Redis engine and a naive model of the rules, with all channels in one partition and in seven.
 *
 * <p>{@code -Drollcall.model.seed=N} makes the one run that failed; {@code -Drollcall.model.seeds=N} makes N runs.
 */
class RedisModelIT {
    @RegisterExtension
    static final RedisServerExtension REDIS = new RedisServerExtension();

    @Test
    void anyRequests_inOnePartitionKeepTheEngineInStepWithTheModel() {
        run(1);
    }

    @Test
    void anyRequests_inSevenPartitionsKeepTheEngineInStepWithTheModel() {
        run(7);
    }

    private static void run(int partitions) {
        RedisOptions options = REDIS.options().withPartitions(partitions);
        Long only = Long.getLong("rollcall.model.seed");
        if (only != null) {
            ModelRun.run(only, (keysets, listener) -> new RedisFixture(options, keysets, listener));
            return;
        }
        int seeds = Integer.getInteger("rollcall.model.seeds", 8);
        int whole = 0;
        for (long seed = 1; seed <= seeds; seed++) {
            if (ModelRun.run(seed, (keysets, listener) -> new RedisFixture(options, keysets, listener))) {
                whole++;
            }
        }
        assertThat(whole).as("runs of %s that came to their end", seeds).isPositive();
    }
}

package dev.rollcall.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.contract.ModelRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random clients against the model, while connections are lost, scripts forgotten and answers slow between the steps.
 *
 * <p>{@code -Drollcall.faults.seed=N} makes the run that failed.
 */
@Tag("faults")
class FaultyModelIT {
    @RegisterExtension
    static final RedisServerExtension REDIS = new RedisServerExtension();

    private static final long SEED = Long.getLong("rollcall.faults.seed", 1);

    /** How many runs must come to their end; some are given up on the way, when a fault makes it impossible to say what must be. */
    private static final int SEEDS = Integer.getInteger("rollcall.faults.seeds", 1);

    private static final int MOST_SEEDS = 3 * SEEDS;

    @Test
    void anyRequests_betweenFaultsKeepTheEngineInStepWithTheModel() {
        int whole = 0;
        for (long seed = SEED; seed < SEED + MOST_SEEDS && whole < SEEDS; seed++) {
            try (FaultsBetweenSteps own = new FaultsBetweenSteps(REDIS.server(), seed)) {
                if (ModelRun.run(
                        seed,
                        (keysets, listener) ->
                                new RedisFixture(own.options().withPartitions(3), keysets, listener, own::next))) {
                    whole++;
                }
            }
        }
        assertThat(whole).as("runs that came to their end").isEqualTo(SEEDS);
    }
}

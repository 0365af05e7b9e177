package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.Keysets;
import dev.rollcall.engine.contract.EngineContract;
import dev.rollcall.engine.contract.EngineFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The contract, while connections are lost, scripts forgotten and answers slow between the steps.
 *
 * <p>{@code -Drollcall.faults.seed=N} makes the faults of a run that failed.
 */
@Tag("faults")
class FaultyContractIT extends EngineContract {
    @RegisterExtension
    static final RedisServerExtension REDIS = new RedisServerExtension();

    private static final long SEED = Long.getLong("rollcall.faults.seed", 1);

    private static FaultsBetweenSteps faults;

    @BeforeAll
    static void openProxy() {
        faults = new FaultsBetweenSteps(REDIS.server(), SEED);
    }

    @AfterAll
    static void closeProxy() {
        faults.close();
    }

    @Override
    protected EngineFixture open(Keysets keysets, EngineListener listener) {
        return new RedisFixture(faults.options(), keysets, listener, faults::next);
    }
}

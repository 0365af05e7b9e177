package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.Keysets;
import dev.rollcall.engine.contract.EngineContract;
import dev.rollcall.engine.contract.EngineFixture;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract, with everything in one partition of one Redis server. */
class RedisEngineIT extends EngineContract {
    @RegisterExtension
    static final RedisServerExtension REDIS = new RedisServerExtension();

    @Override
    protected EngineFixture open(Keysets keysets, EngineListener listener) {
        return new RedisFixture(REDIS.options(), keysets, listener);
    }
}

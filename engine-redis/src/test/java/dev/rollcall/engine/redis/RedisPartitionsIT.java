package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.Keysets;
import dev.rollcall.engine.contract.EngineContract;
import dev.rollcall.engine.contract.EngineFixture;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract, with the channels spread over partitions as on a cluster, but all of them on one Redis server. */
class RedisPartitionsIT extends EngineContract {
    @RegisterExtension
    static final RedisServerExtension REDIS = new RedisServerExtension();

    @Override
    protected EngineFixture open(Keysets keysets, EngineListener listener) {
        return new RedisFixture(REDIS.options().withPartitions(7), keysets, listener);
    }
}

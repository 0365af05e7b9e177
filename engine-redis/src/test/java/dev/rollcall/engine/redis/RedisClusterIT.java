package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.Keysets;
import dev.rollcall.engine.contract.EngineContract;
import dev.rollcall.engine.contract.EngineFixture;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The contract on a Redis Cluster of three masters. */
@ExtendWith(RedisClusterIT.Cluster.class)
class RedisClusterIT extends EngineContract {
    private static RedisCluster cluster;

    @Override
    protected EngineFixture open(Keysets keysets, EngineListener listener) {
        return new RedisFixture(RedisOptions.of(cluster.url()).withPartitions(16), keysets, listener);
    }

    /** Has the cluster running before the first test and ended after the last, nested classes included. */
    static final class Cluster implements BeforeAllCallback, AfterAllCallback {
        private int depth;

        @Override
        public void beforeAll(ExtensionContext context) {
            if (depth++ == 0) {
                cluster = RedisCluster.open(0);
            }
        }

        @Override
        public void afterAll(ExtensionContext context) {
            if (--depth == 0) {
                cluster.close();
            }
        }
    }
}

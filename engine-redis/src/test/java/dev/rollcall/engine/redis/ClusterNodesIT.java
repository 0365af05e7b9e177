package dev.rollcall.engine.redis;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Several nodes on a Redis Cluster of three masters, on the real clock. */
class ClusterNodesIT extends NodesIT {
    private static RedisCluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = RedisCluster.open(0);
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @Override
    RedisOptions options() {
        return RedisOptions.of(cluster.url());
    }

    @Override
    void empty() {
        cluster.flush();
    }
}

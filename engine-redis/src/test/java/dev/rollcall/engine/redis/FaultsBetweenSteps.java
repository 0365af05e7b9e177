package dev.rollcall.engine.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Has something happen between the steps of a test: a connection cut, scripts forgotten, slow answers. Seeded; one thread only. */
final class FaultsBetweenSteps implements AutoCloseable {
    private final RedisClient client;
    private final RedisCommands<String, String> redis;
    private final FaultyProxy proxy;
    private final Random random;

    FaultsBetweenSteps(RedisServer server, long seed) {
        client = RedisClient.create(RedisURI.create(server.url()));
        redis = client.connect().sync();
        proxy = new FaultyProxy(server.port());
        random = new Random(seed);
    }

    RedisOptions options() {
        return RedisOptions.of(proxy.url());
    }

    /** Has the next thing happen, most often nothing. */
    void next() {
        proxy.delay(0);
        switch (random.nextInt(16)) {
            case 0 -> proxy.cutTopics();
            case 1 -> proxy.cut();
            case 2 -> redis.scriptFlush();
            case 3 -> proxy.delay(2);
            default -> {}
        }
        // Redis has noticed.
        redis.ping();
    }

    @Override
    public void close() {
        proxy.close();
        client.shutdown(0, 0, TimeUnit.MILLISECONDS);
    }
}

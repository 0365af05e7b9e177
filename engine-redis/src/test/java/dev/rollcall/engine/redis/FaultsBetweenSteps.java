package dev.rollcall.engine.redis;

import java.util.Random;

/** Has something happen between the steps of a test: a connection cut, scripts forgotten, slow answers. Seeded; one thread only. */
final class FaultsBetweenSteps implements AutoCloseable {
    private final RedisServer server;
    private final FaultyProxy proxy;
    private final Random random;

    FaultsBetweenSteps(RedisServer server, long seed) {
        this.server = server;
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
            case 2 -> server.with(redis -> redis.scriptFlush());
            case 3 -> proxy.delay(2);
            default -> {}
        }
        // Redis has noticed.
        server.with(redis -> redis.ping());
    }

    @Override
    public void close() {
        proxy.close();
    }
}

package dev.rollcall.bench.suite;

import dev.rollcall.bench.load.Requests;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.engine.redis.RedisEngine;
import dev.rollcall.engine.redis.RedisOptions;
import dev.rollcall.engine.redis.RedisServer;
import dev.rollcall.engine.redis.ScriptListener;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;

/** Heartbeats through an engine on Redis, and the same script called bare; one node, many calls in flight. One thread uses it. */
final class RedisLoad implements AutoCloseable {
    private static final SubscribeKey KEY = new SubscribeKey(Requests.KEY);
    private static final int IN_FLIGHT = 512;
    private static final int ROOM = 1000;

    private final RedisEngine engine;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final String renew;

    RedisLoad(RedisServer redis) throws IOException {
        engine = RedisEngine.start(
                RedisOptions.of(redis.url()),
                key -> KeysetSettings.DEFAULT,
                EngineTime.system(),
                new EngineListener() {},
                ScriptListener.NONE,
                new Daemons(System::nanoTime));
        client = RedisClient.create(redis.url());
        connection = client.connect();
        renew = connection.sync().scriptLoad(text("common.lua") + text("renew.lua"));
    }

    private static String text(String script) throws IOException {
        try (InputStream in = RedisEngine.class.getResourceAsStream(script)) {
            if (in == null) {
                throw new IllegalStateException("script: " + script + " (expected: one of the engine's)");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Has users join rooms of a thousand, and returns the bytes that each takes. */
    long bytesEach(int users) throws InterruptedException {
        double before = info("memory", "used_memory:");
        run(users, i -> beat(i, "room" + i / ROOM));
        return Math.round((info("memory", "used_memory:") - before) / users);
    }

    /** Has users join channels in which they are alone, and returns the bytes that each takes, with the event of their join. */
    long bytesAlone(int users) throws InterruptedException {
        double before = info("memory", "used_memory:");
        run(users, i -> beat(i, "alone-" + Requests.user(i)));
        return Math.round((info("memory", "used_memory:") - before) / users);
    }

    /** Has users join a channel. */
    void fill(String channel, int users) throws InterruptedException {
        run(users, i -> beat(i, channel));
    }

    /** Returns heartbeats a second of processor time of Redis. */
    double rate(String channel, int users, int calls) throws InterruptedException {
        return measured(calls, i -> beat(i % users, channel));
    }

    /** Returns the same for the script of a heartbeat and nothing else. */
    double bareRate(String channel, int users, int calls) throws InterruptedException {
        String part = RedisOptions.DEFAULT_PREFIX + "{0}";
        String[] keys = {part + "leases:" + Requests.KEY + ':' + channel, part + "due"};
        String member = Requests.KEY + ':' + channel;
        return measured(
                calls,
                i -> connection
                        .async()
                        .evalsha(
                                renew,
                                ScriptOutputType.INTEGER,
                                keys,
                                ",0,1",
                                member,
                                Requests.user(i % users),
                                "300"));
    }

    private CompletionStage<?> beat(int user, String channel) {
        return engine.heartbeat(
                new Heartbeat(KEY, new UserId(Requests.user(user)), Targets.of(new Channel(channel)), 300, Map.of()));
    }

    private double measured(int calls, IntFunction<CompletionStage<?>> call) throws InterruptedException {
        double before = cpuSeconds();
        run(calls, call);
        return calls / (cpuSeconds() - before);
    }

    private static void run(int calls, IntFunction<CompletionStage<?>> call) throws InterruptedException {
        Semaphore room = new Semaphore(IN_FLIGHT);
        for (int i = 0; i < calls; i++) {
            room.acquire();
            call.apply(i).whenComplete((done, failure) -> room.release());
        }
        room.acquire(IN_FLIGHT);
    }

    private double cpuSeconds() {
        return info("cpu", "used_cpu_user:") + info("cpu", "used_cpu_sys:");
    }

    private double info(String section, String field) {
        String text = connection.sync().info(section);
        int at = text.indexOf(field) + field.length();
        return Double.parseDouble(text.substring(at, text.indexOf('\r', at)));
    }

    @Override
    public void close() {
        engine.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
}

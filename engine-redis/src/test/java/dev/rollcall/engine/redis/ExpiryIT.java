package dev.rollcall.engine.redis;

import static dev.rollcall.engine.redis.Clients.PATIENCE;
import static dev.rollcall.engine.redis.Clients.beat;
import static dev.rollcall.engine.redis.Clients.occupancy;
import static dev.rollcall.engine.redis.Clients.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.daemon.Daemons;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leases of many channels that end together. */
class ExpiryIT {
    private static final String FILL = """
            for i = 1, ARGV[1] do
              local channel = 'ch-' .. i
              redis.call('ZADD', KEYS[1] .. 'order:demo:' .. channel, i, 'user-' .. i)
              redis.call('ZADD', KEYS[1] .. 'leases:demo:' .. channel, 20, 'user-' .. i)
              redis.call('ZADD', KEYS[1] .. 'due', 1577836800000, 'demo:' .. channel)
              redis.call('SADD', KEYS[1] .. 'active:demo', channel)
            end
            redis.call('HINCRBY', KEYS[1] .. 'counts', 'occupants', ARGV[1])
            return 1
            """;

    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private RedisServer server;
    private RedisEngine node;

    @BeforeEach
    void start() {
        server = RedisServer.open();
        ScriptListener counting = script -> {
            calls.computeIfAbsent(script, any -> new AtomicInteger()).incrementAndGet();
            return failed -> {};
        };
        node = RedisEngine.start(
                RedisOptions.of(server.url()),
                key -> KeysetSettings.DEFAULT,
                EngineTime.system(),
                new EngineListener() {},
                counting,
                new Daemons(System::nanoTime));
        assertThat(refusal(beat(node, "alice", "room", 300))).isNull();
    }

    @AfterEach
    void stop() {
        node.close();
        server.close();
    }

    /** Puts a user into each of so many channels whose lease ended long ago. */
    private static void fill(RedisCommands<String, String> redis, int channels) {
        redis.eval(FILL, ScriptOutputType.INTEGER, new String[] {"rollcall:{0}"}, Integer.toString(channels));
    }

    private static void isLeft(RedisCommands<String, String> redis, String occupants) {
        await().atMost(PATIENCE)
                .until(() -> redis.hget("rollcall:{0}counts", "occupants").equals(occupants));
    }

    @Test
    void leases_ofManyChannelsEndInFewCallsAndLeaveNothing() {
        server.with(redis -> {
            fill(redis, 5000);
            isLeft(redis, "1");
            // A hundred channels a call; whoever sweeps may find some of them twice.
            assertThat(calls.get("expire")).hasValueLessThan(500);
            assertThat(redis.xlen("rollcall:{0}events:demo:ch-5000")).isEqualTo(1);
            assertThat(redis.smembers("rollcall:{0}active:demo")).containsExactly("room");
            assertThat(redis.keys("rollcall:{0}order:*")).containsExactly("rollcall:{0}order:demo:room");
            assertThat(redis.keys("rollcall:{0}leases:*")).containsExactly("rollcall:{0}leases:demo:room");
            assertThat(redis.zrange("rollcall:{0}due", 0, -1)).containsExactly("demo:room");
            await().atMost(PATIENCE).until(() -> redis.zcard("rollcall:{0}unindexed") == 0);
        });
        assertThat(occupancy(node, "room")).isEqualTo(1);
    }

    @Test
    void channel_thatCannotBeSweptCostsNoOther() {
        server.with(redis -> {
            redis.set("rollcall:{0}events:demo:ch-50", "no stream");
            fill(redis, 200);
            await().atMost(PATIENCE)
                    .until(() -> redis.keys("rollcall:{0}order:demo:ch-*").size() == 1);
            assertThat(redis.keys("rollcall:{0}order:demo:ch-*")).containsExactly("rollcall:{0}order:demo:ch-50");
            assertThat(redis.zscore("rollcall:{0}due", "demo:ch-50")).isNotNull();

            redis.del("rollcall:{0}events:demo:ch-50");
            await().atMost(PATIENCE)
                    .until(() -> redis.keys("rollcall:{0}order:demo:ch-*").isEmpty());
        });
    }

    @Test
    void leases_ofManyChannelsEndWhereRedisIsFull() {
        server.with(redis -> {
            fill(redis, 300);
            redis.configSet("maxmemory", "1mb");
            isLeft(redis, "1");
            redis.configSet("maxmemory", "0");
        });
        assertThat(refusal(beat(node, "alice", "room", 300))).isNull();
    }
}

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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Very many leases that end at one moment; how late they did is told, for whoever wants to know. */
@Tag("faults")
class MassTimeoutsIT {
    private static final int MANY = Integer.getInteger("rollcall.mass.leases", 30_000);
    private static final long EPOCH_MILLIS = 1577836800000L;
    private static final String FILL = """
            for i = tonumber(ARGV[1]), ARGV[1] + 999 do
              local channel = ARGV[5] == '1' and 'big' or 'ch-' .. i
              redis.call('ZADD', KEYS[1] .. 'order:demo:' .. channel, string.format('%.0f', ARGV[2] + i), 'user-' .. i)
              redis.call('ZADD', KEYS[1] .. 'leases:demo:' .. channel, ARGV[3], 'user-' .. i)
              redis.call('ZADD', KEYS[1] .. 'due', ARGV[4], 'demo:' .. channel)
              redis.call('SADD', KEYS[1] .. 'active:demo', channel)
            end
            return 1
            """;

    private final List<Long> lateness = Collections.synchronizedList(new ArrayList<>());

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leases_thatEndTogetherEndWhileOthersAreServed(boolean inOneChannel) {
        EngineListener listener = new EngineListener() {
            @Override
            public void onLateness(long millis) {
                lateness.add(millis);
            }
        };
        try (RedisServer server = RedisServer.open();
                RedisEngine node = RedisEngine.start(
                        RedisOptions.of(server.url()),
                        key -> KeysetSettings.DEFAULT,
                        EngineTime.system(),
                        listener,
                        ScriptListener.NONE,
                        new Daemons(System::nanoTime))) {
            server.with(redis -> {
                long now = Long.parseLong(redis.time().get(0)) * 1000;
                long end = now + 3000 + MANY / 20;
                String lease = String.format(Locale.ROOT, "%.0f", (double) (end - EPOCH_MILLIS) * 4096 + 20);
                for (int from = 0; from < MANY; from += 1000) {
                    redis.eval(
                            FILL,
                            ScriptOutputType.INTEGER,
                            new String[] {"rollcall:{0}"},
                            Integer.toString(from),
                            Long.toString(now * 1000 - MANY),
                            lease,
                            Long.toString(end),
                            inOneChannel ? "1" : "0");
                }
                redis.hincrby("rollcall:{0}counts", "occupants", MANY);
                while (!redis.hget("rollcall:{0}counts", "occupants").equals("1")) {
                    assertThat(refusal(beat(node, "alice", "room", 300))).isNull();
                }
                await().atMost(PATIENCE).until(() -> redis.zcard("rollcall:{0}unindexed") == 0);
                assertThat(redis.keys("rollcall:{0}order:*")).containsExactly("rollcall:{0}order:demo:room");
            });
            assertThat(occupancy(node, "room")).isEqualTo(1);
            await().atMost(PATIENCE).until(() -> lateness.size() == MANY);
        }
        Collections.sort(lateness);
        System.out.printf(
                "%,d leases in %,d channels, late by ms: half of them %,d, 99 of 100 %,d, the last %,d%n",
                MANY,
                inOneChannel ? 1 : MANY,
                lateness.get(MANY / 2),
                lateness.get(MANY * 99 / 100),
                lateness.get(MANY - 1));
    }
}

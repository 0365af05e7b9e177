package dev.rollcall.engine.redis;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;

/** Prints what an occupant weighs in Redis, how many heartbeats a core of Redis takes, and how fast a join is heard on another node. */
public final class RedisRates {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final int IN_FLIGHT = 512;
    private static final int CALLS = 200_000;

    private RedisRates() {}

    /** Takes the measurements; a few of them at a time on a machine that does nothing else. */
    public static void main(String[] arguments) throws Exception {
        try (RedisServer server = RedisServer.open()) {
            RedisEngine one = node(server);
            RedisEngine other = node(server);
            long empty = memory(server);
            String[] users = new String[100_000];
            run(users.length, i -> {
                users[i] = UUID.randomUUID().toString();
                return beat(one, users[i], "room" + i % 100);
            });
            System.out.printf(
                    "bytes an occupant, 36-character user ids, 1,000 a channel: %d%n",
                    (memory(server) - empty) / users.length);
            run(users.length, i -> beat(one, users[i], "crowd"));
            run(10, i -> beat(one, users[i], "few"));
            for (int round = 0; round < 3; round++) {
                double few = rate(server, i -> beat(one, users[i % 10], "few"));
                double crowd = rate(server, i -> beat(one, users[i % users.length], "crowd"));
                double plain = baseline(server, users);
                System.out.printf(
                        "heartbeats a second of Redis CPU: %,.0f among 10 occupants, %,.0f among 100,000; the same script plain: %,.0f%n",
                        few, crowd, plain);
            }
            latencies(one, other);
            one.close();
            other.close();
        }
    }

    private static RedisEngine node(RedisServer server) {
        return RedisEngine.start(
                RedisOptions.of(server.url()),
                key -> KeysetSettings.DEFAULT,
                EngineTime.system(),
                new EngineListener() {},
                ScriptListener.NONE);
    }

    private static CompletionStage<?> beat(RedisEngine node, String user, String channel) {
        return node.heartbeat(new Heartbeat(KEY, new UserId(user), Targets.of(new Channel(channel)), 300, Map.of()));
    }

    private static void run(int calls, IntFunction<CompletionStage<?>> call) throws InterruptedException {
        Semaphore room = new Semaphore(IN_FLIGHT);
        for (int i = 0; i < calls; i++) {
            room.acquire();
            call.apply(i).whenComplete((done, failure) -> room.release());
        }
        room.acquire(IN_FLIGHT);
    }

    private static double rate(RedisServer server, IntFunction<CompletionStage<?>> call) throws InterruptedException {
        double before = cpu(server);
        run(CALLS, call);
        return CALLS / (cpu(server) - before);
    }

    private static double baseline(RedisServer server, String[] users) throws InterruptedException {
        RedisClient client = RedisClient.create(server.url());
        var redis = client.connect(ByteArrayCodec.INSTANCE).async();
        Names names = new Names(RedisOptions.DEFAULT_PREFIX, 1);
        byte[][] keys = {names.leases(KEY, "crowd"), names.due(0)};
        double rate = rate(server, i -> {
            byte[][] values = Scripts.values(Names.member(KEY, "crowd"), users[i % users.length], "300");
            values[0] = Names.bytes(",0,1");
            return redis.evalsha(Script.RENEW.sha(), ScriptOutputType.INTEGER, keys, values);
        });
        client.shutdown();
        return rate;
    }

    private static void latencies(RedisEngine one, RedisEngine other) throws Exception {
        long[] micros = new long[2000];
        long cursor = answer(other, 0).timetoken();
        for (int i = 0; i < micros.length; i++) {
            CompletableFuture<Answer> heard = poll(other, cursor);
            long from = System.nanoTime();
            String user = "guest" + i;
            beat(one, user, "hall");
            cursor = heard.get().timetoken();
            micros[i] = (System.nanoTime() - from) / 1000;
            one.leave(new dev.rollcall.engine.Leave(KEY, new UserId(user), Targets.of(new Channel("hall"))));
            cursor = answer(other, cursor).timetoken();
        }
        Arrays.sort(micros);
        System.out.printf(
                "join on one node to event on another: p50 %d µs, p99 %d µs%n",
                micros[micros.length / 2], micros[micros.length * 99 / 100]);
    }

    private static Answer answer(RedisEngine node, long cursor) throws Exception {
        return poll(node, cursor).get();
    }

    private static CompletableFuture<Answer> poll(RedisEngine node, long cursor) {
        CompletableFuture<Answer> answered = new CompletableFuture<>();
        node.subscribe(
                new Subscribe(KEY, null, List.of(new Channel("hall-pnpres")), List.of(), cursor, 0, Map.of(), null),
                new PollListener() {
                    @Override
                    public void onAnswer(Answer answer) {
                        answered.complete(answer);
                    }

                    @Override
                    public void onFailure(ProtocolException failure) {
                        answered.completeExceptionally(failure);
                    }
                });
        return answered;
    }

    private static long memory(RedisServer server) {
        return (long) info(server, "memory", "used_memory:");
    }

    private static double cpu(RedisServer server) {
        return info(server, "cpu", "used_cpu_user:") + info(server, "cpu", "used_cpu_sys:");
    }

    private static double info(RedisServer server, String section, String field) {
        double[] value = {0};
        server.with(redis -> {
            String text = redis.info(section);
            int at = text.indexOf(field) + field.length();
            value[0] = Double.parseDouble(text.substring(at, text.indexOf('\r', at)));
        });
        return value[0];
    }
}

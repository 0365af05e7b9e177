package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.redis.FaultyProxy;
import dev.rollcall.engine.redis.RedisCluster;
import dev.rollcall.engine.redis.RedisServer;
import dev.rollcall.engine.redis.SlotMove;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.signature.RequestSigner;
import dev.rollcall.server.config.KeysetConfig;
import dev.rollcall.server.config.RedisConfig;
import dev.rollcall.server.config.RollcallConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is wrong with Redis is seen at the admin port: in {@code /ready}, which names no server, and in {@code /metrics}, which does. */
class RedisHealthIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SECRET = "sec-c-5f3a9d07b1e24c68";
    private static final String HEARTBEAT = "/v2/presence/sub-key/SUB/channel/room/heartbeat?uuid=alice";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private RollcallServer node;

    /** Reading the monotonic clock on threads with this name fails. */
    private volatile String failsOn = "nowhere";

    private volatile long clockIsAheadMillis;

    private final EngineTime time = new EngineTime() {
        private final EngineTime real = EngineTime.system();

        @Override
        public long epochMillis() {
            return real.epochMillis() + clockIsAheadMillis;
        }

        @Override
        public long monotonicMillis() {
            if (Thread.currentThread().getName().equals(failsOn)) {
                throw new AssertionError("thrown on purpose");
            }
            return real.monotonicMillis();
        }
    };

    private void start(String url) {
        KeysetConfig keyset = new KeysetConfig(new SubscribeKey("SUB"), "PUB", KeysetSettings.DEFAULT);
        node = start(url, keyset);
    }

    private RollcallServer start(String url, KeysetConfig keyset) {
        return RollcallServer.start(
                RollcallConfig.development()
                        .withPort(0)
                        .withAdminPort(0)
                        .withRedis(new RedisConfig(url, "rollcall:"))
                        .withKeysets(keyset),
                time);
    }

    @AfterEach
    void stop() {
        failsOn = "nowhere";
        if (node != null) {
            node.close();
        }
    }

    private HttpResponse<String> get(String target) {
        try {
            return client.send(
                    HttpRequest.newBuilder(URI.create(target)).timeout(PATIENCE).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(target, e);
        }
    }

    private HttpResponse<String> admin(String path) {
        return get("http://127.0.0.1:" + node.adminPort() + path);
    }

    private int status(String target) {
        return get(node.uri() + target).statusCode();
    }

    private void awaitReady(int status, String text) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            HttpResponse<String> ready = admin("/ready");
            assertThat(ready.body()).contains(text);
            assertThat(ready.statusCode()).isEqualTo(status);
        });
    }

    @Test
    void nodes_areToldByEachOfThem() {
        try (RedisServer redis = RedisServer.open()) {
            start(redis.url());
            KeysetConfig keyset = new KeysetConfig(new SubscribeKey("SUB"), "PUB", KeysetSettings.DEFAULT);
            try (RollcallServer other = start(redis.url(), keyset)) {
                String nodes = "http://127.0.0.1:" + other.adminPort() + "/admin/v1/nodes";
                await().atMost(PATIENCE).untilAsserted(() -> {
                    for (String body :
                            List.of(admin("/admin/v1/nodes").body(), get(nodes).body())) {
                        assertThat(body)
                                .containsPattern("^\\{\"nodes\":\\[\\{\"name\":\"[^\"]+\",\"self\":true,")
                                .containsOnlyOnce("\"self\":false")
                                .contains("\"partial\":false");
                    }
                });
            }
            assertThat(admin("/admin/v1/nodes").body()).doesNotContain("\"self\":false");
        }
    }

    private void awaitMetric(String line) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(admin("/metrics").body()).contains(line));
    }

    @Test
    void fullRedis_isReadyWithANoteAndAMetricUntilThereIsRoomAgain() {
        try (RedisServer redis = RedisServer.open()) {
            start(redis.url());
            assertThat(status(HEARTBEAT)).isEqualTo(200);
            assertThat(admin("/ready").body()).isEqualTo("ready\n");
            String master = "{master=\"127.0.0.1:" + redis.port() + "\"}";
            awaitMetric("rollcall_redis_full" + master + " 0.0");

            redis.with(commands -> commands.configSet("maxmemory", "1mb"));
            awaitReady(200, "ready\nnote: redis is almost full, nothing new is stored there; the log says which\n");
            assertThat(admin("/ready").body()).doesNotContain(Integer.toString(redis.port()));
            awaitMetric("rollcall_redis_full" + master + " 1.0");
            awaitMetric("rollcall_redis_memory_limit_bytes" + master + " 1048576.0");
            assertThat(status(HEARTBEAT)).isEqualTo(200);
            assertThat(status(HEARTBEAT.replace("alice", "bob"))).isEqualTo(503);

            redis.with(commands -> commands.configSet("maxmemory", "0"));
            awaitMetric("rollcall_redis_full" + master + " 0.0");
            assertThat(admin("/ready").body()).isEqualTo("ready\n");
            assertThat(status(HEARTBEAT.replace("alice", "bob"))).isEqualTo(200);
        }
    }

    @Test
    void evictionPolicy_isANoteAndAMetric() {
        try (RedisServer redis = RedisServer.open("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")) {
            start(redis.url());
            awaitReady(200, "note: redis may evict what it has to keep (expected: maxmemory-policy noeviction)");
            awaitMetric("rollcall_redis_may_evict{master=\"127.0.0.1:" + redis.port() + "\"} 1.0");

            redis.with(commands -> commands.configSet("maxmemory-policy", "noeviction"));
            awaitMetric("rollcall_redis_may_evict{master=\"127.0.0.1:" + redis.port() + "\"} 0.0");
            assertThat(admin("/ready").body()).isEqualTo("ready\n");
        }
    }

    @Test
    void silentPubSub_isNotReadyAndSeenInMetrics() {
        try (RedisServer redis = RedisServer.open();
                FaultyProxy proxy = new FaultyProxy(redis.port())) {
            start(proxy.url());
            var unused = client.sendAsync(
                    HttpRequest.newBuilder(URI.create(node.uri() + "/v2/subscribe/SUB/room/0?uuid=alice&tt=1"))
                            .build(),
                    BodyHandlers.ofString());
            String up = "rollcall_redis_connection_up{connection=\"topics\",master=\"127.0.0.1:" + proxy.port()
                    + "\",use=\"presence\"} ";
            awaitMetric("rollcall_polls 1.0");
            awaitMetric(up + "1.0");

            proxy.silenceTopics(true);
            awaitReady(503, "not ready: redis for ");
            awaitMetric(up + "0.0");
            assertThat(status(HEARTBEAT)).isEqualTo(200);

            proxy.silenceTopics(false);
            awaitReady(200, "ready\n");
            awaitMetric(up + "1.0");
        }
    }

    @Test
    void partitionsThatDoNotAnswer_areCountedAndTheOthersServe() {
        try (RedisCluster cluster = RedisCluster.open(0)) {
            for (int i = 0; i < 3; i++) {
                cluster.server(i).with(commands -> commands.configSet("cluster-require-full-coverage", "no"));
            }
            start(cluster.url());
            awaitReady(200, "ready\n");

            cluster.server(0).pause();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(admin("/ready").body())
                            .matches("not ready: redis for \\w+: [1-9][0-9]? of 64 partitions do not answer\n"));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(admin("/metrics").body())
                            .containsPattern("rollcall_redis_partitions_away\\{use=\"presence\"} [1-9]")
                            .containsPattern("rollcall_redis_partitions_away\\{use=\"grants\"} [1-9]"));
            // As many rooms as it takes to meet a partition of the two masters that are there.
            int served = 0;
            for (int i = 0; i < 12; i++) {
                served += status(HEARTBEAT.replace("room", "room-" + i)) == 200 ? 1 : 0;
            }
            assertThat(served).isPositive();

            cluster.server(0).resume();
            awaitReady(200, "ready\n");
        }
    }

    @Test
    void slotOnItsWay_isANoteAndNoReasonNotToBeReady() {
        try (RedisCluster cluster = RedisCluster.open(0)) {
            start(cluster.url());
            for (int i = 0; i < 12; i++) {
                status(HEARTBEAT.replace("room", "room-" + i));
            }
            SlotMove move = SlotMove.begin(cluster, cluster.keyOfFirst());
            awaitReady(200, "ready\nnote: redis for grants: 1 of 64 partitions have not been read for a while");
            awaitMetric("rollcall_redis_partitions_unread{use=\"grants\"} 1.0");

            move.finish();
            awaitMetric("rollcall_redis_partitions_unread{use=\"grants\"} 0.0");
            assertThat(admin("/ready").body()).isEqualTo("ready\n");
        }
    }

    @Test
    void threads_outliveErrorsAndAreSeenWhenTheyStop() {
        try (RedisServer redis = RedisServer.open()) {
            start(redis.url());
            assertThat(admin("/ready").statusCode()).isEqualTo(200);
            assertThat(node.daemons().failures())
                    .containsKeys("redis-hub", "redis-clock", "grants-hub", "grants-clock");
            for (String thread : new String[] {"redis-clock", "grants-clock"}) {
                failsOn = "rollcall-" + thread;
                awaitReady(503, "the engine's clock is");
                assertThat(admin("/health").statusCode()).isEqualTo(200);
                assertThat(node.daemons().failures(thread)).isPositive();
                failsOn = "nowhere";
                awaitReady(200, "ready\n");
            }
            failsOn = "rollcall-redis-hub";
            long before = node.daemons().failures("redis-hub");
            await().atMost(PATIENCE).until(() -> node.daemons().failures("redis-hub") > before);
            failsOn = "nowhere";
            assertThat(status(HEARTBEAT)).isEqualTo(200);
            awaitMetric("rollcall_occupants 1.0");
        }
    }

    @Test
    void grant_endsByTheClockOfRedisWhateverThatOfTheNodeSays() {
        try (RedisServer redis = RedisServer.open()) {
            KeysetConfig keyset = new KeysetConfig(new SubscribeKey("SUB"), "PUB", KeysetSettings.DEFAULT);
            clockIsAheadMillis = Duration.ofHours(-3).toMillis();
            node = start(redis.url(), keyset.withSecretKey(SECRET));
            long redisSeconds = System.currentTimeMillis() / 1000;
            var signer = new RequestSigner("PUB", SECRET);
            String grant = signer.sign(
                    "GET",
                    "/v2/auth/grant/sub-key/SUB",
                    Map.of("channel", "room", "r", "1", "ttl", "60", "auth", "key"),
                    "",
                    redisSeconds);
            assertThat(status(grant)).isEqualTo(200);
            assertThat(status(HEARTBEAT + "&auth=key")).isEqualTo(200);
            redis.with(commands -> assertThat(commands.zrangeWithScores("rollcall:{0}kept-ends", 0, 0)
                            .get(0)
                            .getScore())
                    .isBetween(redisSeconds + 3600.0, redisSeconds + 3660.0));
            // Were the end reckoned by the node's own clock, a node that is right would take it for over.
            node.close();
            clockIsAheadMillis = Duration.ofHours(3).toMillis();
            node = start(redis.url(), keyset.withSecretKey(SECRET));
            assertThat(status(HEARTBEAT + "&auth=key")).isEqualTo(200);
        }
    }
}

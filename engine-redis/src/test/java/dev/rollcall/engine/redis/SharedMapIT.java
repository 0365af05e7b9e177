package dev.rollcall.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.engine.redis.SharedMap.Entry;
import dev.rollcall.engine.redis.link.Link;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import io.lettuce.core.KillArgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nodes know of what one of them was told, whatever happens to Redis and to the ways to it. */
class SharedMapIT {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long END = SharedMap.FOREVER;

    private final List<Node> nodes = new ArrayList<>();
    private RedisServer server;

    private static final class Node {
        private final Map<String, String> known = new ConcurrentHashMap<>();
        private final SharedMap map;

        Node(RedisOptions options) {
            map = SharedMap.open(
                    options, EngineTime.system(), ScriptListener.NONE, new Daemons(System::nanoTime), this::hear);
        }

        private void hear(Entry entry) {
            if (entry.value() == null) {
                known.remove(entry.name());
            } else {
                known.put(entry.name(), entry.value());
            }
        }

        CompletionStage<Void> put(String name, String value) {
            return map.put(KEY, List.of(new Entry(name, value, END)));
        }
    }

    @BeforeEach
    void startServer() {
        server = RedisServer.open("--appendonly", "yes", "--appendfsync", "always");
    }

    @AfterEach
    void stopAll() {
        nodes.forEach(node -> node.map.close());
        server.close();
    }

    private Node node() {
        return node(RedisOptions.of(server.url()).withCommandTimeout(Duration.ofSeconds(1)));
    }

    private Node node(RedisOptions options) {
        Node node = new Node(options);
        nodes.add(node);
        return node;
    }

    private static boolean succeeded(CompletionStage<?> stage) {
        return refusal(stage) == null;
    }

    private static ErrorCode refusal(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
            return null;
        } catch (ExecutionException e) {
            return ((ProtocolException) e.getCause()).code();
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    @Test
    void put_isKnownHereAtOnceAndOnEveryNode() {
        Node one = node();
        Node other = node();

        assertThat(succeeded(one.put("a\n🙂 b", "1 2"))).isTrue();
        assertThat(one.known).containsExactly(Map.entry("a\n🙂 b", "1 2"));
        await().atMost(PATIENCE).until(() -> other.known.equals(one.known));

        assertThat(succeeded(other.put("a\n🙂 b", null))).isTrue();
        assertThat(other.known).isEmpty();
        await().atMost(PATIENCE).until(one.known::isEmpty);
        assertThat(node().known).isEmpty();
    }

    @Test
    void open_knowsEverythingThatWasPutBefore() {
        List<Entry> entries = IntStream.range(0, 2500)
                .mapToObj(i -> new Entry("name" + i, "value" + i, END))
                .toList();
        Node one = node();
        assertThat(succeeded(one.map.put(KEY, entries))).isTrue();
        one.map.close();

        assertThat(node().known)
                .isEqualTo(entries.stream().collect(Collectors.toMap(Entry::name, entry -> "" + entry.value())));
    }

    @Test
    void connections_cutAgainAndAgainLoseNothing() {
        Node one = node();
        Node other = node();
        for (int round = 0; round < 5; round++) {
            String name = "name" + round;
            assertThat(succeeded(one.put("removed", "yes"))).isTrue();
            server.with(redis -> assertThat(redis.clientKill(
                                    KillArgs.Builder.typePubsub().skipme())
                            + redis.clientKill(KillArgs.Builder.typeNormal().skipme()))
                    .isPositive());
            await().atMost(PATIENCE).until(() -> succeeded(one.put(name, "value")));
            await().atMost(PATIENCE).until(() -> succeeded(one.put("removed", null)));
            await().atMost(PATIENCE).until(() -> other.known.containsKey(name) && !other.known.containsKey("removed"));
        }
        assertThat(other.known).hasSize(5).isEqualTo(one.known);
    }

    /** Nothing is told of this, so only looking finds it. */
    @Test
    void look_findsWhatIsGone() {
        Node one = node();
        assertThat(succeeded(one.put("a", "1"))).isTrue();
        server.with(redis -> redis.flushall());

        await().atMost(PATIENCE).until(one.known::isEmpty);
        assertThat(succeeded(one.put("b", "1"))).isTrue();
        assertThat(one.known).containsOnlyKeys("b");
    }

    /** As after a failover that loses a write: changes go on, but what was there before them is not. */
    @Test
    void loss_behindALostConnectionIsFound() {
        Node one = node();
        assertThat(succeeded(one.put("lost", "1"))).isTrue();
        assertThat(succeeded(one.put("kept", "1"))).isTrue();
        server.with(redis -> {
            redis.hdel("rollcall:{0}kept", "lost");
            redis.zrem("rollcall:{0}kept-changes", "lost");
            redis.zrem("rollcall:{0}kept-ends", "lost");
            assertThat(redis.clientKill(KillArgs.Builder.typePubsub().skipme())).isPositive();
        });

        await().atMost(PATIENCE).until(() -> !one.known.containsKey("lost"));
        assertThat(one.known).containsOnlyKeys("kept");
    }

    @Test
    void put_isRefusedWhileRedisIsAwayAndWhatIsKnownStays() {
        Node one = node();
        Node other = node();
        assertThat(succeeded(one.put("a", "1"))).isTrue();
        await().atMost(PATIENCE).until(() -> other.known.containsKey("a"));

        server.kill();
        assertThat(refusal(one.put("b", "1"))).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(one.known).containsOnlyKeys("a");
        assertThat(other.known).containsOnlyKeys("a");

        server.start();
        await().atMost(PATIENCE).until(() -> succeeded(one.put("c", "1")));
        await().atMost(PATIENCE).until(() -> other.known.containsKey("c"));
        assertThat(other.known).containsOnlyKeys("a", "c");
    }

    @Test
    void keys_liveAsLongAsTheLastEntry() {
        Node one = node();
        assertThat(succeeded(one.map.put(KEY, List.of(new Entry("a", "1", 4_000_000_000L)))))
                .isTrue();
        server.with(redis -> {
            for (String kind : List.of("kept", "kept-changes", "kept-ends", "kept-marks")) {
                assertThat(redis.expiretime("rollcall:{0}" + kind)).as(kind).isEqualTo(4_000_000_600L);
            }
        });
        assertThat(succeeded(one.put("b", "1"))).isTrue();
        server.with(redis -> {
            for (String kind : List.of("kept", "kept-changes", "kept-ends", "kept-marks")) {
                assertThat(redis.expiretime("rollcall:{0}" + kind)).as(kind).isEqualTo(-1);
            }
        });
    }

    @Test
    void purge_forgetsWhatEndedLongAgo() {
        Node one = node();
        assertThat(succeeded(one.map.put(KEY, List.of(new Entry("old", "1", 1000), new Entry("new", "1", END)))))
                .isTrue();
        one.map.purge();
        server.with(redis -> await().atMost(PATIENCE)
                .until(() -> redis.hkeys("rollcall:{0}kept").equals(List.of("new"))
                        && redis.zrange("rollcall:{0}kept-ends", 0, -1).equals(List.of("new"))
                        && redis.zrange("rollcall:{0}kept-changes", 0, -1).equals(List.of("new"))));
        assertThat(node().known).containsOnlyKeys("new");
    }

    /** Who was away while something was removed and the removal forgotten too is told to read everything. */
    @Test
    void removal_thatIsForgottenIsNotMissed() {
        RedisOptions options = RedisOptions.of(server.url());
        Names names = new Names(options.prefix(), 1);
        Node one = node();
        assertThat(succeeded(one.put("a", "1"))).isTrue();
        String[] since = {""};
        server.with(redis -> since[0] = redis.hget("rollcall:{0}kept-marks", "latest"));
        assertThat(succeeded(one.put("b", "1"))).isTrue();
        assertThat(succeeded(one.put("a", null))).isTrue();

        try (Link link = Link.open(options.link(), new NewsDesk(Runnable::run))) {
            Scripts scripts = new Scripts(link, ScriptListener.NONE, 1, null);
            // Whether to read everything, what time it is, and three texts for each of two entries.
            assertThat(read(scripts, names, since[0]).size()).isEqualTo(8);

            server.with(redis -> redis.zadd("rollcall:{0}kept-ends", 1, "a"));
            one.map.purge();
            await().atMost(PATIENCE).until(() -> read(scripts, names, since[0]).number(0) == 1);
            assertThat(read(scripts, names, "0").number(0)).isEqualTo(1);
        }
        assertThat(node().known).containsOnlyKeys("b");
    }

    private static Reply read(Scripts scripts, Names names, String since) {
        return scripts.list(Script.KEPT, names.readKept(0), since, "10", "0").join();
    }

    @Test
    void put_isKnownOnEveryNodeOfACluster() {
        try (RedisCluster cluster = RedisCluster.open(0)) {
            Node one = node(RedisOptions.of(cluster.url()));
            Node other = node(RedisOptions.of(cluster.url()));
            for (int i = 0; i < 20; i++) {
                SubscribeKey key = new SubscribeKey("key" + i);
                assertThat(succeeded(one.map.put(key, List.of(new Entry("name" + i, "1", END)))))
                        .isTrue();
            }
            await().atMost(PATIENCE).until(() -> other.known.size() == 20);
            assertThat(node(RedisOptions.of(cluster.url())).known).isEqualTo(other.known);
            nodes.forEach(node -> node.map.close());
            nodes.clear();
        }
    }

    @Test
    void failover_ofAMasterIsSurvived() {
        try (RedisCluster cluster = RedisCluster.open(1)) {
            RedisOptions options = RedisOptions.of(cluster.url()).withCommandTimeout(Duration.ofSeconds(1));
            Node one = node(options);
            Node other = node(options);
            List<SubscribeKey> keys = IntStream.range(0, 20)
                    .mapToObj(i -> new SubscribeKey("key" + i))
                    .toList();
            for (SubscribeKey key : keys) {
                String name = "before " + key.value();
                await().atMost(PATIENCE).until(() -> succeeded(one.map.put(key, List.of(new Entry(name, "1", END)))));
            }
            for (int master = 0; master < 3; master++) {
                cluster.server(master).awaitReplica();
            }

            cluster.server(0).kill();
            for (SubscribeKey key : keys) {
                String name = "after " + key.value();
                await().atMost(PATIENCE).until(() -> succeeded(one.map.put(key, List.of(new Entry(name, "1", END)))));
            }

            await().atMost(PATIENCE).until(() -> other.known.size() == 40);
            assertThat(one.known).isEqualTo(other.known);
            nodes.forEach(node -> node.map.close());
            nodes.clear();
        }
    }
}

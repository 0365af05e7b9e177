package dev.rollcall.engine.redis;

import static dev.rollcall.engine.redis.Clients.KEY;
import static dev.rollcall.engine.redis.Clients.PATIENCE;
import static dev.rollcall.engine.redis.Clients.beat;
import static dev.rollcall.engine.redis.Clients.get;
import static dev.rollcall.engine.redis.Clients.hears;
import static dev.rollcall.engine.redis.Clients.occupancy;
import static dev.rollcall.engine.redis.Clients.post;
import static dev.rollcall.engine.redis.Clients.refusal;
import static dev.rollcall.engine.redis.Clients.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.contract.RecordingClient;
import dev.rollcall.engine.contract.Settings;
import dev.rollcall.engine.contract.Sound;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.UserId;
import io.lettuce.core.KillArgs;
import io.lettuce.core.XAddArgs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis slow, full, hung, silent, moving or back: what a node does, and that it recovers by itself. */
@Tag("faults")
class PressureIT {
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T open(T opened) {
        open.add(opened);
        return opened;
    }

    private RedisEngine node(String url) {
        return open(Clients.node(RedisOptions.of(url), key -> KeysetSettings.DEFAULT));
    }

    private static RecordingClient reader(RedisEngine node, String... channels) {
        return new RecordingClient(node, KEY, null).subscribes(channels);
    }

    /** Returns a client whose subscribe goes on from a position. */
    private static RecordingClient reader(RedisEngine node, long cursor, String... channels) {
        return new RecordingClient(node, KEY, null).resumesFrom(cursor, channels);
    }

    @Test
    void subscription_rejectedWhilePubSubIsAwayIsMadeUpFor() {
        RedisServer server = open(RedisServer.open());
        RedisEngine node = node(server.url());
        RecordingClient[] late = new RecordingClient[1];
        server.with(redis -> {
            redis.configSet("maxclients", "1");
            redis.clientKill(KillArgs.Builder.typePubsub());
            await().atMost(PATIENCE).until(() -> !node.isReady());
            late[0] = reader(node, "late");
            redis.configSet("maxclients", "1000");
        });

        await().atMost(PATIENCE).until(node::isReady);
        succeeds(() -> post(node, "late", "hello"));
        hears(late[0], "message \"hello\"");
    }

    @Test
    void polls_begunWhileRedisRestartsAreAllHeardOf() {
        RedisServer server = open(RedisServer.open());
        RedisEngine node = node(server.url());
        List<RecordingClient> readers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            readers.add(reader(node, "r" + i));
        }
        server.kill();
        await().atMost(PATIENCE).until(() -> !node.isReady());
        server.start();
        await().atMost(PATIENCE).until(node::isReady);

        for (int i = 0; i < 50; i++) {
            String channel = "r" + i;
            succeeds(() -> post(node, channel, "hello"));
            hears(readers.get(i), "message \"hello\"");
        }
    }

    @Test
    void silentPubSub_isNotTrusted() {
        RedisServer server = open(RedisServer.open());
        FaultyProxy proxy = open(new FaultyProxy(server.port()));
        RedisEngine node = node(proxy.url());
        RecordingClient reader = reader(node, "room");
        succeeds(() -> post(node, "room", "before"));
        hears(reader, "message \"before\"");

        proxy.silenceTopics(true);
        succeeds(() -> post(node, "room", "meanwhile"));
        await().atMost(PATIENCE).until(() -> !node.isReady());
        proxy.silenceTopics(false);

        hears(reader, "message \"meanwhile\"");
        await().atMost(PATIENCE).until(node::isReady);
    }

    @Test
    void hungMaster_isLeftForTheOneSentinelNames(@TempDir Path folder) throws IOException {
        RedisServer master = open(RedisServer.open());
        RedisServer replica = open(RedisServer.open(
                "--replicaof", "127.0.0.1", Integer.toString(master.port()), "--repl-diskless-sync-delay", "0"));
        Path config = folder.resolve("sentinel.conf");
        Files.writeString(config, """
                sentinel monitor mine 127.0.0.1 %d 1
                sentinel down-after-milliseconds mine 1000
                sentinel failover-timeout mine 3000
                """.formatted(master.port()));
        RedisServer sentinel = open(RedisServer.openSentinel(config));
        await().atMost(PATIENCE)
                .until(() -> replica.info("replication").contains("master_link_status:up")
                        && sentinel.info("sentinel").contains("slaves=1"));
        RedisEngine node = node("redis-sentinel://127.0.0.1:" + sentinel.port() + "/0#mine");
        RecordingClient watcher = reader(node, "room-pnpres");
        succeeds(() -> beat(node, "alice", "room", 300));
        hears(watcher, "join alice 1");
        master.awaitReplica();

        // Its sockets stay open.
        master.pause();
        succeeds(() -> beat(node, "bob", "room", 300));
        hears(watcher, "join bob 2");
        master.resume();

        succeeds(() -> beat(node, "carol", "room", 300));
        hears(watcher, "join carol 3");
    }

    @Test
    void slowLine_isReadToTheEndWhileHeartbeatsGoOn() {
        RedisServer server = open(RedisServer.open());
        int channels = 200;
        server.with(redis -> {
            long now = Long.parseLong(redis.time().get(0)) * 10_000_000 - 600_000_000L;
            String message = "m1:01:10:0:0:1000:\"" + "x".repeat(998) + '"';
            for (int channel = 0; channel < channels; channel++) {
                for (int i = 0; i < 100; i++) {
                    redis.xadd(
                            "rollcall:{0}messages:demo:ch" + channel,
                            new XAddArgs().id((now + i * 10) + "-0"),
                            Map.of("m", message));
                }
            }
        });
        FaultyProxy proxy = open(new FaultyProxy(server.port()));
        RedisEngine node = open(Clients.node(
                RedisOptions.of(proxy.url()).withCommandTimeout(Duration.ofSeconds(2)), key -> KeysetSettings.DEFAULT));
        long cursor = get(node.timetoken());
        proxy.limit(4_000_000);
        List<RecordingClient> readers = new ArrayList<>();
        for (int channel = 0; channel < channels; channel++) {
            readers.add(new RecordingClient(node, KEY, null).resumesFrom(cursor, "ch" + channel));
        }
        succeeds(() -> beat(node, "alice", "room", 300));
        for (int channel = 0; channel < channels; channel += 20) {
            String name = "ch" + channel;
            succeeds(() -> post(node, name, "new"));
            hears(readers.get(channel), "message \"new\"");
        }
        await().atMost(PATIENCE.multipliedBy(2)).until(node::isIdle);
    }

    /** Makes a handshake and returns its answer. */
    private static CompletableFuture<Answer> position(RedisEngine node, String channel) {
        CompletableFuture<Answer> position = new CompletableFuture<>();
        node.subscribe(
                new Subscribe(KEY, null, List.of(new Channel(channel)), List.of(), 0, 0, Map.of(), null),
                listener(position));
        return position;
    }

    private static PollListener listener(CompletableFuture<Answer> position) {
        return new PollListener() {
            @Override
            public void onAnswer(Answer answer) {
                position.complete(answer);
            }

            @Override
            public void onFailure(ProtocolException refusal) {
                position.completeExceptionally(refusal);
            }
        };
    }

    @Test
    void fullRedis_stillFreesAndRefusesWhatIsNew() {
        RedisServer server = open(RedisServer.open());
        RedisEngine node = node(server.url());
        for (String user : List.of("alice", "bob", "carol")) {
            succeeds(() -> beat(node, user, "room", user.equals("carol") ? 5 : 300));
        }
        get(position(node, "known.*"));
        server.with(redis -> redis.configSet("maxmemory", "1mb"));

        await().atMost(PATIENCE).until(() -> !node.health().alarms().isEmpty());
        assertThat(refusal(beat(node, "alice", "room", 300))).isNull();
        assertThat(refusal(Clients.leave(node, "bob", "room"))).isNull();
        assertThat(refusal(beat(node, "dave", "room", 300))).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refusal(post(node, "room", "text"))).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refusal(position(node, "new.*"))).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(reader(node, 1, "newer.*").isRefused().code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(refusal(position(node, "known.*"))).isNull();
        server.with(redis -> assertThat(redis.keys("*new.*")).isEmpty());
        await().atMost(PATIENCE).until(() -> occupancy(node, "room") == 1);
        server.with(redis -> redis.configSet("maxmemory", "0"));

        succeeds(() -> beat(node, "dave", "room", 300));
        assertThat(node.health().alarms()).isEmpty();
    }

    @Test
    void everywhere_isReadInSlicesWhileOthersAreServed() {
        RedisServer server = open(RedisServer.open());
        RedisEngine node = node(server.url());
        int many = 5000;
        server.with(redis -> {
            for (int i = 0; i < many; i++) {
                redis.sadd("rollcall:{0}active:demo", "room-" + i);
                redis.zadd("rollcall:{0}order:demo:room-" + i, 1, "user-" + i);
            }
        });
        for (boolean users : new boolean[] {false, true}) {
            var pages = node.hereNow(new HereNowQuery(KEY, Targets.of(), users, 100, 0));
            assertThat(refusal(beat(node, "alice", "room", 300))).isNull();
            assertThat(get(pages)).hasSizeGreaterThanOrEqualTo(many);
        }
    }

    @Test
    void request_thatStandsForMuchHasFewCallsInFlight() {
        RedisServer server = open(RedisServer.open());
        Map<String, AtomicInteger> inFlight = new ConcurrentHashMap<>();
        AtomicInteger most = new AtomicInteger();
        ScriptListener counting = script -> {
            AtomicInteger count = inFlight.computeIfAbsent(script, any -> new AtomicInteger());
            most.accumulateAndGet(count.incrementAndGet(), Math::max);
            return failed -> count.decrementAndGet();
        };
        RedisEngine node = open(RedisEngine.start(
                RedisOptions.of(server.url()).withCommandTimeout(Duration.ofSeconds(30)),
                key -> KeysetSettings.DEFAULT,
                EngineTime.system(),
                new EngineListener() {},
                counting,
                new Daemons(System::nanoTime)));
        List<Channel> wildcards = IntStream.range(0, 100)
                .mapToObj(i -> new Channel("w" + i + ".*"))
                .toList();
        List<Channel> rooms =
                IntStream.range(0, 100).mapToObj(i -> new Channel("r" + i)).toList();
        Map<String, State> states =
                rooms.stream().collect(Collectors.toMap(Channel::name, any -> State.ofJson("{\"mood\":\"fine\"}")));
        CompletableFuture<Answer> position = new CompletableFuture<>();
        PollListener listener = listener(position);
        UserId alice = new UserId("alice");

        server.pause();
        node.subscribe(new Subscribe(KEY, null, wildcards, List.of(), 0, 0, Map.of(), null), listener);
        Poll poll = node.subscribe(new Subscribe(KEY, alice, rooms, List.of(), 10, 300, states, null), listener);
        assertThat(most).hasValueLessThanOrEqualTo(64);
        server.resume();

        assertThat(get(position).timetoken()).isPositive();
        await().atMost(PATIENCE).until(() -> occupancy(node, "r99") == 1);
        assertThat(get(node.state(KEY, alice, Targets.of(rooms.get(99)))))
                .containsValue(State.ofJson("{\"mood\":\"fine\"}"));
        assertThat(most).hasValueLessThanOrEqualTo(64);
        poll.cancel();
    }

    @Test
    void filter_isAskedOnceForEachMessageThatItDoesNotWant() {
        RedisServer server = open(RedisServer.open());
        RedisEngine node = node(server.url());
        AtomicInteger asked = new AtomicInteger();
        RecordingClient reader = new RecordingClient(node, KEY, null)
                .filters(message -> {
                    asked.incrementAndGet();
                    return message.channel().name().equals("hall");
                })
                .subscribes("room", "hall");
        await().atMost(PATIENCE).until(node::isIdle);
        long before = reader.cursor();
        long last = 0;
        for (int i = 0; i < 60; i++) {
            last = get(post(node, "room", "no " + i));
        }
        await().atMost(PATIENCE).until(() -> asked.get() >= 60);
        await().atMost(PATIENCE).until(node::isIdle);
        assertThat(asked).hasValueLessThanOrEqualTo(180);

        reader.isReleased();
        await().atMost(PATIENCE).until(() -> reader.cursor() != before);
        assertThat(reader.cursor()).isGreaterThanOrEqualTo(last);
        get(post(node, "hall", "wanted"));
        hears(reader, "message \"wanted\"");
        assertThat(reader.gaps()).isZero();
    }

    @Test
    void movingSlot_isNoOutageOfTheOthers() throws Exception {
        RedisCluster cluster = open(RedisCluster.open(0));
        RedisEngine node = node(cluster.url());
        for (int i = 0; i < 40; i++) {
            String room = "r" + i;
            succeeds(() -> beat(node, "old", room, 300));
        }
        String room = moved(cluster);
        RecordingClient watcher = reader(node, room + "-pnpres");
        SlotMove move = SlotMove.begin(cluster, "rollcall:{" + partition(room) + "}last");
        assertThat(refusal(beat(node, "old", room, 300))).isNull();
        // Some keys are there and some are not: a join may be refused, and nobody else notices.
        refusal(beat(node, "new", room, 300));
        assertThat(node.isReady()).isTrue();
        move.finish();

        succeeds(() -> beat(node, "later", room, 300));
        await().atMost(PATIENCE)
                .until(() ->
                        watcher.unheard().stream().map(Sound::text).anyMatch(text -> text.startsWith("join later")));
        await().atMost(PATIENCE).until(node::isReady);
    }

    private static int partition(String room) {
        return new Names(RedisOptions.DEFAULT_PREFIX, RedisOptions.CLUSTER_PARTITIONS).partition(KEY, room);
    }

    /** Returns a room in a slot of the first master. */
    private static String moved(RedisCluster cluster) {
        String[] found = {""};
        cluster.server(0).with(redis -> {
            for (String key : redis.keys("*order:demo:*")) {
                found[0] = key.substring(key.lastIndexOf(':') + 1);
            }
        });
        return found[0];
    }

    @Test
    void groupEditedWhileItIsRead_losesNothing() {
        RedisServer server = open(RedisServer.open());
        FaultyProxy proxy = open(new FaultyProxy(server.port()));
        RedisEngine node = node(proxy.url());
        RedisEngine other = node(server.url());
        ChannelGroup group = new ChannelGroup("g");
        get(other.addToGroup(KEY, group, List.of(new Channel("keep"))));
        RecordingClient first = new RecordingClient(node, KEY, null).subscribesGroups("g");
        get(post(other, "keep", "one"));
        hears(first, "message \"one\"");
        await().atMost(PATIENCE).until(node::isIdle);

        proxy.holdAnswers(true);
        // Answered, the client goes on from there: while the members of the group are read it is edited.
        get(post(other, "keep", "more"));
        hears(first, "message \"more\"");
        get(post(other, "keep", "two"));
        get(other.addToGroup(KEY, group, List.of(new Channel("added"))));
        proxy.holdAnswers(false);

        hears(first, "message \"two\"");
    }

    @Test
    void channelNoLongerTracked_isEmptiedInParts() {
        RedisServer server = open(RedisServer.open());
        boolean[] tracked = {true};
        RedisEngine node = open(Clients.node(
                RedisOptions.of(server.url()),
                key -> tracked[0]
                        ? KeysetSettings.DEFAULT
                        : Settings.settings().presenceOff().build()));
        succeeds(() -> beat(node, "alice", "big", 300));
        server.with(redis -> {
            for (int i = 0; i < 5000; i++) {
                redis.zadd("rollcall:{0}order:demo:big", i + 1, "user-" + i);
            }
            redis.hincrby("rollcall:{0}counts", "occupants", 5000);
            tracked[0] = false;
            node.reconfigure();
            await().atMost(PATIENCE).until(() -> redis.exists("rollcall:{0}order:demo:big") == 0);
            assertThat(redis.hget("rollcall:{0}counts", "occupants")).isEqualTo("0");
        });
    }
}

package dev.rollcall.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.contract.RecordingClient;
import dev.rollcall.engine.contract.Sound;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import io.lettuce.core.KillArgs;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to Redis and to the ways to it, and what clients notice of that. */
class FaultsIT {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<RedisEngine> nodes = new ArrayList<>();
    private RedisServer server;

    @BeforeEach
    void startServer() {
        server = RedisServer.open("--appendonly", "yes", "--appendfsync", "always");
    }

    @AfterEach
    void stopAll() {
        nodes.forEach(RedisEngine::close);
        server.close();
    }

    private RedisEngine node() {
        RedisOptions options = RedisOptions.of(server.url())
                .withCommandTimeout(Duration.ofSeconds(1))
                .withOutagePatience(Duration.ofSeconds(2));
        RedisEngine node = RedisEngine.start(
                options,
                key -> KeysetSettings.DEFAULT,
                EngineTime.system(),
                new EngineListener() {},
                ScriptListener.NONE,
                new Daemons(System::nanoTime));
        nodes.add(node);
        return node;
    }

    private static RecordingClient watcher(RedisEngine node) {
        return new RecordingClient(node, KEY, null).subscribes("room-pnpres", "room");
    }

    @Test
    void restart_ofRedisKeepsPollsParkedAndEverybodyPresent() {
        RedisEngine one = node();
        RedisEngine other = node();
        RecordingClient watcher = watcher(other);
        heartbeat(one, "alice", 3);
        await().atMost(PATIENCE).until(() -> texts(watcher).contains("join alice 1"));

        server.kill();
        await().atMost(PATIENCE).until(() -> !one.isReady() && !other.isReady());
        assertThat(refusal(beat(one, "bob", 60))).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(watcher.isWaiting()).isTrue();
        // Longer than the lease of alice and the patience.
        RedisServer clock = RedisServer.open();
        clock.with(redis -> {
            redis.set("gone", "yes", SetArgs.Builder.px(5000));
            await().atMost(PATIENCE).until(() -> redis.exists("gone") == 0);
        });
        clock.close();
        server.start();
        await().atMost(PATIENCE).until(() -> one.isReady() && other.isReady());
        succeeds(() -> beat(one, "bob", 60));

        await().atMost(PATIENCE).until(() -> texts(watcher).contains("join bob 2"));
        heartbeat(other, "alice", 300);
        publish(one, "hello");

        await().atMost(PATIENCE).until(() -> texts(watcher).contains("message \"hello\""));
        assertThat(texts(watcher)).containsExactly("join alice 1", "join bob 2", "message \"hello\"");
        assertThat(occupants(other)).containsExactly("alice", "bob");
    }

    @Test
    void pause_ofTenSecondsTimesNobodyOutAndLosesNothing() {
        RedisEngine one = node();
        RedisEngine other = node();
        RecordingClient watcher = watcher(other);
        heartbeat(one, "alice", 5);
        publish(one, "before");
        await().atMost(PATIENCE).until(() -> texts(watcher).contains("message \"before\""));

        server.pause();
        await().atMost(PATIENCE).until(() -> !one.isReady());
        assertThat(refusal(beat(one, "alice", 5))).isEqualTo(ErrorCode.UNAVAILABLE);
        RedisServer clock = RedisServer.open();
        clock.with(redis -> {
            redis.set("gone", "yes", SetArgs.Builder.px(10_000));
            await().atMost(PATIENCE).until(() -> redis.exists("gone") == 0);
        });
        clock.close();
        server.resume();
        await().atMost(PATIENCE).until(() -> one.isReady() && other.isReady());
        succeeds(() -> beat(one, "alice", 300));
        publish(other, "after");

        await().atMost(PATIENCE).until(() -> texts(watcher).contains("message \"after\""));
        assertThat(texts(watcher)).containsExactly("join alice 1", "message \"before\"", "message \"after\"");
        assertThat(occupants(one)).containsExactly("alice");
    }

    @Test
    void silence_afterAnOutageIsATimeoutInTheEnd() {
        RedisEngine one = node();
        RecordingClient watcher = watcher(one);
        heartbeat(one, "alice", 1);
        heartbeat(one, "bob", 300);
        server.pause();
        await().atMost(PATIENCE).until(() -> !one.isReady());
        server.resume();

        await().atMost(PATIENCE).until(() -> texts(watcher).contains("timeout alice 1"));
        assertThat(occupants(one)).containsExactly("bob");
    }

    @Test
    void connections_cutAgainAndAgainLoseAndRepeatNothing() {
        RedisEngine one = node();
        RedisEngine other = node();
        RecordingClient reader = watcher(other);
        Set<String> tried = new HashSet<>();
        Set<String> told = new HashSet<>();
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 10; i++) {
                if (i == 5) {
                    server.with(redis -> assertThat(redis.clientKill(
                                            KillArgs.Builder.typePubsub().skipme())
                                    + redis.clientKill(
                                            KillArgs.Builder.typeNormal().skipme()))
                            .isPositive());
                }
                String number = round + "," + i;
                // What was refused may have been carried out all the same: so each attempt has a text of its own.
                await().atMost(PATIENCE).until(() -> {
                    String text = number + "," + tried.size();
                    tried.add("message \"" + text + "\"");
                    return succeeded(post(one, text)) && told.add("message \"" + text + "\"");
                });
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(texts(reader)).containsAll(told));
        }

        assertThat(texts(reader)).doesNotHaveDuplicates();
        assertThat(tried).containsAll(texts(reader));
    }

    private static void heartbeat(RedisEngine node, String user, int seconds) {
        assertThat(succeeded(beat(node, user, seconds))).isTrue();
    }

    private static CompletionStage<Void> beat(RedisEngine node, String user, int seconds) {
        return node.heartbeat(new Heartbeat(KEY, new UserId(user), Targets.of(new Channel("room")), seconds, Map.of()));
    }

    private static List<String> occupants(RedisEngine node) {
        var query = new HereNowQuery(KEY, Targets.of(new Channel("room")), true, 1000, 0);
        try {
            return node.hereNow(query).toCompletableFuture().get(10, TimeUnit.SECONDS).get(0).occupants().stream()
                    .map(occupant -> occupant.user().value())
                    .toList();
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    private static void publish(RedisEngine node, String text) {
        assertThat(succeeded(post(node, text))).isTrue();
    }

    private static CompletionStage<Long> post(RedisEngine node, String text) {
        byte[] payload = Names.bytes('"' + text + '"');
        return node.publish(
                KEY, new Channel("room"), new Publication(MessageType.MESSAGE, payload, null, null, 0, null));
    }

    private static void succeeds(java.util.function.Supplier<CompletionStage<?>> request) {
        await().atMost(PATIENCE).until(() -> succeeded(request.get()));
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

    private static List<String> texts(RecordingClient client) {
        return client.unheard().stream().map(Sound::text).toList();
    }
}

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
import dev.rollcall.engine.contract.Waiting;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A master of a cluster that dies and is followed by its replica. */
class FailoverIT {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Test
    void failover_ofAMasterIsSurvivedByPollsThatWait() {
        try (RedisCluster cluster = RedisCluster.open(1);
                RedisEngine node = RedisEngine.start(
                        RedisOptions.of(cluster.url()).withCommandTimeout(Duration.ofSeconds(1)),
                        key -> KeysetSettings.DEFAULT,
                        EngineTime.system(),
                        new EngineListener() {},
                        ScriptListener.NONE,
                        new Daemons(System::nanoTime))) {
            String[] channels = {"a", "b", "c", "d", "e", "f", "g", "h"};
            RecordingClient reader = new RecordingClient(node, KEY, null).subscribes(channels);
            RecordingClient watcher = new RecordingClient(node, KEY, null)
                    .subscribes(
                            Stream.of(channels).map(name -> name + "-pnpres").toArray(String[]::new));
            for (String channel : channels) {
                await().atMost(PATIENCE).until(() -> published(node, channel, "before " + channel));
            }
            await().atMost(PATIENCE).until(() -> texts(reader).size() == channels.length);

            for (String channel : channels) {
                await().atMost(PATIENCE).until(() -> succeeded(beat(node, "alice", channel)));
            }
            for (int master = 0; master < 3; master++) {
                cluster.server(master).awaitReplica();
            }

            cluster.server(0).kill();
            for (String channel : channels) {
                await().atMost(PATIENCE).until(() -> published(node, channel, "after " + channel));
                await().atMost(PATIENCE).until(() -> succeeded(beat(node, "alice", channel)));
                await().atMost(PATIENCE).until(() -> succeeded(beat(node, "bob", channel)));
            }

            await().atMost(PATIENCE).untilAsserted(() -> {
                for (String channel : channels) {
                    assertThat(texts(reader)).contains("message \"after " + channel + "\"");
                    assertThat(watcher.unheard().stream()
                                    .filter(sound -> channel.equals(sound.channel()))
                                    .map(Sound::text))
                            .containsExactly("join alice 1", "join bob 2");
                    assertThat(occupants(node, channel)).containsExactly("alice", "bob");
                }
            });
        }
    }

    private static boolean published(RedisEngine node, String channel, String text) {
        byte[] payload = Names.bytes('"' + text + '"');
        return succeeded(node.publish(
                KEY, new Channel(channel), new Publication(MessageType.MESSAGE, payload, null, null, 0, null)));
    }

    private static CompletionStage<?> beat(RedisEngine node, String user, String channel) {
        return node.heartbeat(new Heartbeat(KEY, new UserId(user), Targets.of(new Channel(channel)), 300, Map.of()));
    }

    private static List<String> occupants(RedisEngine node, String channel) {
        var query = new HereNowQuery(KEY, Targets.of(new Channel(channel)), true, 1000, 0);
        return Waiting.on(node.hereNow(query)).get(0).occupants().stream()
                .map(occupant -> occupant.user().value())
                .toList();
    }

    private static boolean succeeded(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    private static List<String> texts(RecordingClient client) {
        return client.unheard().stream().map(Sound::text).toList();
    }
}

package dev.rollcall.engine.redis;

import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.Keysets;
import dev.rollcall.engine.Leave;
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
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What tests of faults ask of nodes, and what they hear. */
final class Clients {
    static final SubscribeKey KEY = new SubscribeKey("demo");
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private Clients() {}

    static RedisEngine node(RedisOptions options, Keysets keysets) {
        return RedisEngine.start(
                options,
                keysets,
                EngineTime.system(),
                new EngineListener() {},
                ScriptListener.NONE,
                new Daemons(System::nanoTime));
    }

    static CompletionStage<Void> beat(RedisEngine node, String user, String channel, int seconds) {
        return node.heartbeat(
                new Heartbeat(KEY, new UserId(user), Targets.of(new Channel(channel)), seconds, Map.of()));
    }

    static CompletionStage<Void> leave(RedisEngine node, String user, String channel) {
        return node.leave(new Leave(KEY, new UserId(user), Targets.of(new Channel(channel))));
    }

    static CompletionStage<Long> post(RedisEngine node, String channel, String text) {
        byte[] payload = Names.bytes('"' + text + '"');
        return node.publish(
                KEY, new Channel(channel), new Publication(MessageType.MESSAGE, payload, null, null, 0, null));
    }

    static int occupancy(RedisEngine node, String channel) {
        var query = new HereNowQuery(KEY, Targets.of(new Channel(channel)), false, 0, 0);
        return get(node.hereNow(query)).get(0).occupancy();
    }

    static void succeeds(java.util.function.Supplier<CompletionStage<?>> request) {
        await().atMost(PATIENCE).until(() -> refusal(request.get()) == null);
    }

    /** Returns with what a request was refused, or null if it was not. */
    static ErrorCode refusal(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
            return null;
        } catch (ExecutionException e) {
            return ((ProtocolException) e.getCause()).code();
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    static void hears(RecordingClient client, String text) {
        await().atMost(PATIENCE)
                .until(() -> client.unheard().stream().map(Sound::text).anyMatch(text::equals));
    }
}

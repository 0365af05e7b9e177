package dev.rollcall.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.MessageFilter;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.SubscribeKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A channel group that changes while a poll of it looks through its feeds: the one moment that no client can bring about at will. */
class RegroupTest {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final ChannelGroup GROUP = new ChannelGroup("g");
    private static final Channel STAYS = new Channel("stays");
    private static final Channel GOES = new Channel("goes");

    private final EmbeddedFixture fixture =
            new EmbeddedFixture(key -> KeysetSettings.DEFAULT, new EngineListener() {}, MemoryBudget.unlimited());
    private final EmbeddedEngine engine = (EmbeddedEngine) fixture.engine();
    private final List<String> heard = new ArrayList<>();
    private long cursor;

    @AfterEach
    void close() {
        fixture.close();
    }

    private long publish(Channel channel, String text) {
        byte[] payload = ('"' + text + '"').getBytes(StandardCharsets.UTF_8);
        return engine.publish(KEY, channel, new Publication(MessageType.MESSAGE, payload, null, null, 0, null))
                .toCompletableFuture()
                .join();
    }

    private void subscribe(MessageFilter filter) {
        engine.subscribe(
                new Subscribe(KEY, null, List.of(), List.of(GROUP), cursor, 0, Map.of(), filter), new PollListener() {
                    @Override
                    public void onAnswer(Answer answer) {
                        cursor = answer.timetoken();
                        answer.deliveries()
                                .forEach(delivery ->
                                        heard.add(delivery.message().channel().name()));
                    }

                    @Override
                    public void onFailure(ProtocolException failure) {
                        throw new AssertionError(failure);
                    }
                });
    }

    @Test
    void messageAfterItsChannelHasLeftTheGroup_isNotHeard_andTheOthersAre() {
        engine.addToGroup(KEY, GROUP, List.of(STAYS, GOES))
                .toCompletableFuture()
                .join();
        cursor = publish(STAYS, "before");
        publish(STAYS, "unwanted");
        boolean[] isFirst = {true};

        subscribe(message -> {
            if (isFirst[0]) {
                isFirst[0] = false;
                // On another thread, as the poll is in the hands of this one.
                CompletableFuture.runAsync(() -> {
                            engine.removeFromGroup(KEY, GROUP, List.of(GOES))
                                    .toCompletableFuture()
                                    .join();
                            publish(GOES, "late");
                            publish(STAYS, "wanted");
                        })
                        .join();
                return false;
            }
            return true;
        });

        assertThat(heard).doesNotContain("goes");
        heard.clear();
        subscribe(message -> true);
        assertThat(heard).containsExactly("stays");
    }
}

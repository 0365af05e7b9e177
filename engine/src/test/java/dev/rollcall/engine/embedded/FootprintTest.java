package dev.rollcall.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.SetState;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.contract.Settings;
import dev.rollcall.engine.embedded.roster.Keyset;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openjdk.jol.info.GraphLayout;

/** What the memory budget takes things for is what they take, and never much less. */
class FootprintTest {
    static {
        // Fields of records and lambdas cannot be looked into otherwise.
        System.setProperty("jol.magicFieldOffset", "true");
    }

    private static final int COUNT = 2000;
    /** What the server holds for a waiting poll. */
    private static final int CONNECTION = 700;

    private static final SubscribeKey KEY = new SubscribeKey("demo");

    private final EmbeddedFixture fixture =
            new EmbeddedFixture(key -> Settings.settings().build(), new EngineListener() {});
    private final EmbeddedEngine engine = (EmbeddedEngine) fixture.engine();

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Does something many times, and compares how the engine grows with what is counted of the kinds. */
    private void assertCounted(IntConsumer action, MemoryKind... kinds) {
        assertCounted(action, 0, kinds);
    }

    /** Counts {@code beside} bytes of each that are not in the engine. */
    private void assertCounted(IntConsumer action, int beside, MemoryKind... kinds) {
        // The tables grow in steps, so one step is taken before.
        for (int i = 0; i < COUNT; i++) {
            action.accept(i);
        }
        long sizeBefore = size();
        long countedBefore = counted(kinds);
        for (int i = COUNT; i < 4 * COUNT; i++) {
            action.accept(i);
        }
        long size = size() - sizeBefore + 3L * COUNT * beside;
        long counted = counted(kinds) - countedBefore;
        assertThat(counted)
                .as("counted %d, measured %d for one", counted / (3 * COUNT), size / (3 * COUNT))
                .isBetween(size * 9 / 10, size * 3);
    }

    private long size() {
        return GraphLayout.parseInstance((Object) engine.shards().all()).totalSize();
    }

    private long counted(MemoryKind... kinds) {
        long sum = 0;
        for (MemoryKind kind : kinds) {
            sum += fixture.memory().used(kind);
        }
        return sum;
    }

    private static Targets in(String channel) {
        return Targets.of(new Channel(channel));
    }

    @Test
    void lease_inAChannelOfItsOwn() {
        assertCounted(
                i -> engine.heartbeat(new Heartbeat(KEY, new UserId("user-" + i), in("room-" + i), 300, Map.of())),
                MemoryKind.LEASES);
    }

    @Test
    void lease_ofAUuidInACrowd() {
        assertCounted(
                i -> engine.heartbeat(
                        new Heartbeat(KEY, new UserId(new UUID(i, i).toString()), in("room"), 300, Map.of())),
                MemoryKind.LEASES,
                MemoryKind.MESSAGES);
    }

    @Test
    void state_ofAnOccupant() {
        assertCounted(
                i -> engine.heartbeat(new Heartbeat(
                        KEY,
                        new UserId("user-" + i),
                        in("room"),
                        300,
                        Map.of("room", State.ofJson("{\"text\":\"" + "x".repeat(1000) + i + "\"}")))),
                MemoryKind.LEASES,
                MemoryKind.STATES,
                MemoryKind.MESSAGES);
    }

    @Test
    void absence_withAState() {
        assertCounted(
                i -> engine.setState(
                        new SetState(KEY, new UserId("user-" + i), in("room-" + i), State.ofJson("{\"n\":" + i + "}"))),
                MemoryKind.ABSENCES,
                MemoryKind.STATES);
    }

    @Test
    void messages_inChannelsOfTheirOwn() {
        assertCounted(
                i -> engine.publish(
                        KEY,
                        new Channel("room-" + i),
                        new Publication(
                                MessageType.MESSAGE,
                                "\"hello\"".getBytes(StandardCharsets.UTF_8),
                                null,
                                new UserId("user-" + i),
                                0,
                                null)),
                MemoryKind.MESSAGES);
    }

    @Test
    void feed_ofAPresenceChannel() {
        assertCounted(
                i -> engine.subscribe(
                        new Subscribe(
                                KEY,
                                null,
                                List.of(new Channel("room-" + i + "-pnpres")),
                                List.of(),
                                0,
                                0,
                                Map.of(),
                                null),
                        new Ignoring()),
                MemoryKind.FEEDS);
    }

    @Test
    void poll_ofAChannelOfItsOwn() {
        assertCounted(
                i -> engine.subscribe(
                        new Subscribe(
                                KEY,
                                null,
                                List.of(new Channel("room-" + i)),
                                List.of(),
                                17_000_000_000_000_000L,
                                0,
                                Map.of(),
                                null),
                        new Ignoring()),
                CONNECTION,
                MemoryKind.POLLS);
    }

    @Test
    void group_withChannels() {
        List<Object> groups = new ArrayList<>();
        Keyset keyset = new Keyset(KEY, Settings.settings().build(), fixture.memory(), 0);
        for (int i = 0; i < 500; i++) {
            List<Channel> channels = new ArrayList<>();
            for (int j = 0; j < 20; j++) {
                channels.add(new Channel("group-" + i + "-channel-" + j));
            }
            keyset.groups.add(new ChannelGroup("group-" + i).name(), channels);
        }
        groups.add(keyset.groups);
        long size = GraphLayout.parseInstance(groups).totalSize();
        assertThat(fixture.memory().used(MemoryKind.GROUPS)).isBetween(size * 9 / 10, size * 3);
    }

    private static final class Ignoring implements PollListener {
        @Override
        public void onAnswer(Answer answer) {}

        @Override
        public void onFailure(ProtocolException failure) {}
    }
}

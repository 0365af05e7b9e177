package dev.rollcall.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.KeysetLimits;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Leave;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.SetState;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is new is refused when there is too much; what is there goes on. */
class MemoryPressureTest {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final UserId ANN = new UserId("ann");
    private static final Channel LOBBY = new Channel("lobby");

    private final MemoryBudget memory = new MemoryBudget(4 << 20);
    private final EmbeddedFixture fixture = new EmbeddedFixture(
            key -> KeysetSettings.DEFAULT.withLimits(new KeysetLimits(100, 5, 50, 10, 100_000)),
            new EngineListener() {},
            memory);
    private final EmbeddedEngine engine = (EmbeddedEngine) fixture.engine();

    @AfterEach
    void close() {
        fixture.close();
    }

    private CompletionStage<Void> heartbeat(UserId user, List<Channel> channels, int timeoutSeconds) {
        return engine.heartbeat(new Heartbeat(KEY, user, new Targets(channels, List.of()), timeoutSeconds, Map.of()));
    }

    private static List<Channel> channels(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> new Channel(prefix + i)).toList();
    }

    private int occupancy(Channel channel) {
        return Math.toIntExact(engine.whereNow(KEY, ANN).toCompletableFuture().join().stream()
                .filter(channel::equals)
                .count());
    }

    private static void assertRefused(CompletionStage<?> stage, ErrorCode code, String setting) {
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> stage.toCompletableFuture().join())
                .satisfies(e -> assertThat(e.getCause()).isInstanceOfSatisfying(ProtocolException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(code);
                    assertThat(refused.text()).contains(setting);
                }));
    }

    private long publish(Channel channel, int length) {
        return publish(KEY, channel, length);
    }

    private long publish(SubscribeKey key, Channel channel, int length) {
        byte[] payload = ("\"" + "x".repeat(length) + "\"").getBytes(StandardCharsets.UTF_8);
        return engine.publish(key, channel, new Publication(MessageType.MESSAGE, payload, null, null, 0, null))
                .toCompletableFuture()
                .join();
    }

    @Test
    void channelsOfOneUser_haveALimitAndThoseThereAreStay() {
        heartbeat(ANN, List.of(LOBBY), 300).toCompletableFuture().join();
        assertRefused(heartbeat(ANN, channels("c", 200), 300), ErrorCode.RATE_LIMITED, "max-channels-per-user: 100");
        assertThat(engine.whereNow(KEY, ANN).toCompletableFuture().join()).hasSize(100);
        fixture.jump(Duration.ofSeconds(200));
        List<Channel> all = new ArrayList<>(channels("c", 200));
        all.add(LOBBY);
        assertRefused(heartbeat(ANN, all, 300), ErrorCode.RATE_LIMITED, "max-channels-per-user");
        fixture.jump(Duration.ofSeconds(200));
        assertThat(occupancy(LOBBY)).as("renewed though others were refused").isEqualTo(1);
        fixture.jump(Duration.ofSeconds(200));
        assertThat(engine.whereNow(KEY, ANN).toCompletableFuture().join()).isEmpty();
        heartbeat(new UserId("bob"), channels("c", 100), 300)
                .toCompletableFuture()
                .join();
    }

    @Test
    void leases_areRefusedWhenThereIsNoRoomAndThoseThereAreEndInTime() {
        heartbeat(ANN, List.of(LOBBY), 300).toCompletableFuture().join();
        int refused = 0;
        for (int i = 0; refused == 0 && i < 1000; i++) {
            CompletionStage<Void> done = heartbeat(new UserId("user-" + i), channels(i + "-", 90), 600);
            refused += done.toCompletableFuture().isCompletedExceptionally() ? 1 : 0;
        }
        assertThat(refused).isPositive();
        assertRefused(
                heartbeat(new UserId("late"), List.of(new Channel("x")), 300), ErrorCode.UNAVAILABLE, "memory-budget");
        assertThat(memory.used(MemoryKind.LEASES)).isLessThan(memory.limit(MemoryKind.LEASES) + memory.slack());
        heartbeat(ANN, List.of(LOBBY), 700).toCompletableFuture().join();
        publish(LOBBY, 100);
        fixture.jump(Duration.ofSeconds(601));
        assertThat(occupancy(LOBBY)).isEqualTo(1);
        heartbeat(new UserId("late"), List.of(new Channel("x")), 300)
                .toCompletableFuture()
                .join();
        fixture.jump(Duration.ofSeconds(101));
        assertThat(occupancy(LOBBY)).isZero();
    }

    @Test
    void leaves_ofAllAtOnceTakeNoMoreThanThePartOfThoseWhoAreAbsent() {
        List<UserId> users = new ArrayList<>();
        for (int i = 0; memory.fits(MemoryKind.LEASES, 50_000); i++) {
            users.add(new UserId("user-" + i));
            heartbeat(users.get(i), channels("c", 90), 600)
                    .toCompletableFuture()
                    .join();
        }

        for (UserId user : users) {
            engine.leave(new Leave(KEY, user, new Targets(channels("c", 90), List.of())))
                    .toCompletableFuture()
                    .join();
        }

        assertThat(memory.used(MemoryKind.ABSENCES))
                .isBetween(memory.limit(MemoryKind.ABSENCES) / 2, memory.limit(MemoryKind.ABSENCES) + memory.slack());
        assertThat(memory.forgotten(MemoryKind.ABSENCES)).isPositive();
        fixture.advance(Duration.ofSeconds(5));
        assertThat(memory.used(MemoryKind.ABSENCES)).isZero();
    }

    @Test
    void polls_ofThosePresentHaveTheLastFifthAndNoMore() {
        Last last = new Last();
        List<SubscribeKey> keys = IntStream.range(0, 50)
                .mapToObj(i -> new SubscribeKey("demo" + i))
                .toList();
        keys.forEach(key -> publish(key, LOBBY, 10));
        heartbeat(ANN, List.of(LOBBY), 600).toCompletableFuture().join();
        for (int i = 0; memory.fits(MemoryKind.LEASES, 50_000); i++) {
            heartbeat(new UserId("user-" + i), channels(i + "-", 90), 600);
        }
        for (int i = 0; memory.fits(MemoryKind.MESSAGES, 5000); i++) {
            publish(keys.get(i % keys.size()), new Channel("m" + i), 4000);
        }

        int polls = 0;
        while (last.failure == null && polls < 10_000) {
            engine.subscribe(new Subscribe(KEY, ANN, List.of(LOBBY), List.of(), 1, 0, Map.of(), null), last);
            polls++;
        }

        assertThat(polls).isGreaterThan(100);
        assertThat(last.failure).isNotNull();
        assertThat(last.failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(memory.used()).isLessThan(memory.limit() + memory.slack());
    }

    @Test
    void polls_throughGroupsAreAskedForWhatTheirGroupsStandFor() {
        Last last = new Last();
        List<ChannelGroup> groups = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            groups.add(new ChannelGroup("g" + i));
            engine.addToGroup(KEY, groups.get(i), channels("c" + i, 10))
                    .toCompletableFuture()
                    .join();
        }
        for (int i = 0; memory.fits(MemoryKind.LEASES, 50_000); i++) {
            heartbeat(new UserId("user-" + i), channels(i + "-", 90), 600);
        }

        int polls = 0;
        while (last.failure == null && polls < 100_000) {
            engine.subscribe(new Subscribe(KEY, null, List.of(), groups, 1, 0, Map.of(), null), last);
            polls++;
        }

        assertThat(last.failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(memory.used()).isLessThanOrEqualTo(memory.limit());
        assertThat(engine.counts().polls()).as("the last one has left nothing").isEqualTo(polls - 1);
    }

    @Test
    void join_thatIsRefusedAtTheEndOfTheDebounceTimeLeavesThePollWaiting() {
        Last last = new Last();
        heartbeat(ANN, List.of(LOBBY), 300).toCompletableFuture().join();
        engine.leave(new Leave(KEY, ANN, Targets.of(LOBBY)))
                .toCompletableFuture()
                .join();
        long now = fixture.time().epochMillis() * 10_000;
        engine.subscribe(new Subscribe(KEY, ANN, List.of(LOBBY), List.of(), now, 0, Map.of(), null), last);
        heartbeat(ANN, channels("c", 100), 300).toCompletableFuture().join();

        LoggedErrors errors = LoggedErrors.collect();
        fixture.advance(Duration.ofSeconds(5));

        errors.assertNone();
        assertThat(occupancy(LOBBY)).isZero();
        assertThat(last.failure).isNull();
        publish(LOBBY, 10);
        assertThat(last.answers).isEqualTo(1);
    }

    @Test
    void messages_ofAKeysetThatKeepsTooMuchMakeRoomForNewOnes() {
        for (int i = 0; i < 200; i++) {
            publish(new Channel("c" + i), 2000);
            assertThat(memory.used(MemoryKind.MESSAGES)).isLessThan(150_000);
        }
        assertThat(memory.forgotten(MemoryKind.MESSAGES)).isPositive();
        assertRefused(
                engine.setState(new SetState(
                        KEY, ANN, Targets.of(LOBBY), State.ofJson("{\"a\":\"" + "x".repeat(30_000) + "\"}"))),
                ErrorCode.RATE_LIMITED,
                "max-kept-bytes");
    }

    @Test
    void messages_underWildcardsAreCountedOnceAndMakeRoomForNewOnes() {
        Last last = new Last();
        for (String wildcard : List.of("a.*", "a.b.*", "a.b.c.*", "a.b.c.d.*")) {
            handshake(wildcard, last);
        }
        publish(new Channel("a.b.c.d.e"), 40_000);
        assertThat(memory.used(MemoryKind.MESSAGES)).isBetween(40_000L, 50_000L);
        for (int i = 0; i < 200; i++) {
            publish(new Channel("a.b.c.d.e" + i), 2000);
            assertThat(memory.used(MemoryKind.MESSAGES)).isLessThan(150_000);
        }
        fixture.jump(Duration.ofMinutes(21));
        fixture.jump(Duration.ofMinutes(21));
        assertThat(memory.used(MemoryKind.MESSAGES)).isZero();
    }

    @Test
    void messages_underWildcardsAreOneObjectAfterARestartToo() throws IOException {
        Last last = new Last();
        for (String wildcard : List.of("a.*", "a.b.*", "a.b.c.*", "a.b.c.d.*")) {
            handshake(wildcard, last);
        }
        publish(new Channel("a.b.c.d.e"), 20_000);
        publish(new Channel("a.b.c.d.f"), 20_000);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        engine.writeSnapshot(out, Duration.ZERO);

        MemoryBudget another = new MemoryBudget(4 << 20);
        try (EmbeddedFixture after =
                new EmbeddedFixture(key -> KeysetSettings.DEFAULT, new EngineListener() {}, another)) {
            ((EmbeddedEngine) after.engine())
                    .restore(new ByteArrayInputStream(out.toByteArray()), Duration.ofMinutes(1));
            assertThat(another.used(MemoryKind.MESSAGES)).isEqualTo(memory.used(MemoryKind.MESSAGES));
        }
    }

    @Test
    void subscribe_ofSomebodyForWhomThereIsNoRoomTriesOneChannel() {
        for (int i = 0; memory.fits(MemoryKind.LEASES, 500); i++) {
            heartbeat(new UserId("user-" + i), channels(i + "-", 50), 600);
        }
        long before = memory.refusals(MemoryKind.LEASES);
        List<Answer> answers = new ArrayList<>();

        engine.subscribe(
                new Subscribe(KEY, ANN, channels("new", 10), List.of(), 1, 0, Map.of(), null), new PollListener() {
                    @Override
                    public void onAnswer(Answer answer) {
                        answers.add(answer);
                    }

                    @Override
                    public void onFailure(ProtocolException failure) {
                        throw new AssertionError(failure);
                    }
                });

        assertThat(memory.refusals(MemoryKind.LEASES) - before).isEqualTo(1);
        publish(new Channel("new9"), 10);
        assertThat(answers).hasSize(1);
    }

    @Test
    void groups_haveLimits() {
        for (int i = 0; i < 5; i++) {
            engine.addToGroup(KEY, new ChannelGroup("g" + i), channels("c", 10))
                    .toCompletableFuture()
                    .join();
        }
        assertRefused(
                engine.addToGroup(KEY, new ChannelGroup("g5"), channels("c", 1)),
                ErrorCode.RATE_LIMITED,
                "max-groups: 5");
        assertRefused(
                engine.addToGroup(KEY, new ChannelGroup("g0"), channels("d", 1)),
                ErrorCode.RATE_LIMITED,
                "max-grouped-channels: 50");
        engine.deleteGroup(KEY, new ChannelGroup("g1")).toCompletableFuture().join();
        engine.addToGroup(KEY, new ChannelGroup("g5"), channels("c", 10))
                .toCompletableFuture()
                .join();
    }

    @Test
    void request_whoseGroupsHoldTooManyChannelsIsRefusedBeforeTheyAreLookedThrough() {
        List<ChannelGroup> groups = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            groups.add(new ChannelGroup("g" + i));
            engine.addToGroup(KEY, groups.get(i), channels("c" + i, 10))
                    .toCompletableFuture()
                    .join();
        }
        List<Channel> many = channels("x", 60);
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> engine.heartbeat(new Heartbeat(KEY, ANN, new Targets(many, groups), 300, Map.of())))
                .withMessageContaining("max-channels-per-user");
    }

    @Test
    void wildcards_haveALimitAndLastTwentyMinutes() {
        Last last = new Last();
        for (int i = 0; i < 10; i++) {
            handshake("w" + i + ".*", last);
        }
        assertThat(last.failure).isNull();
        handshake("w10.*", last);
        assertThat(last.failure).isNotNull();
        assertThat(last.failure.text()).contains("max-wildcards: 10");
        fixture.jump(Duration.ofMinutes(21));
        last.failure = null;
        handshake("w10.*", last);
        assertThat(last.failure).isNull();
    }

    @Test
    void feeds_thatSomebodyWaitsForGiveTheClockNothingToCatchUpWith() {
        Last last = new Last();
        String longName = "x".repeat(80);
        int watched = 0;
        while (!memory.isNear(MemoryKind.FEEDS) && watched < 3000) {
            List<Channel> channels = channels(longName + watched + "-", 20).stream()
                    .map(Channel::presence)
                    .toList();
            engine.subscribe(new Subscribe(KEY, null, channels, List.of(), 1, 0, Map.of(), null), last);
            watched += channels.size();
        }
        assertThat(last.failure).isNull();
        long held = memory.used(MemoryKind.FEEDS);
        assertThat(isCaughtUpWithin(10)).isTrue();
        assertThat(memory.used(MemoryKind.FEEDS)).isEqualTo(held);

        for (int i = 0; i < 100; i++) {
            handshake("idle" + i + "-pnpres", last);
        }
        for (int turn = 0; turn < 100; turn++) {
            assertThat(isCaughtUpWithin(100)).isTrue();
        }
        assertThat(memory.used(MemoryKind.FEEDS))
                .as("the idle ones are forgotten")
                .isEqualTo(held);
        assertThat(memory.forgotten(MemoryKind.FEEDS)).isEqualTo(100);
    }

    private boolean isCaughtUpWithin(int turns) {
        for (int turn = 0; turn < turns; turn++) {
            if (!engine.advance()) {
                return true;
            }
        }
        return false;
    }

    private void handshake(String channel, PollListener listener) {
        engine.subscribe(
                new Subscribe(KEY, null, List.of(new Channel(channel)), List.of(), 0, 0, Map.of(), null), listener);
    }

    private static final class Last implements PollListener {
        ProtocolException failure;
        int answers;

        @Override
        public void onAnswer(Answer answer) {
            answers++;
        }

        @Override
        public void onFailure(ProtocolException told) {
            failure = told;
        }
    }
}

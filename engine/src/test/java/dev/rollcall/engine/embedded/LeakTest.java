package dev.rollcall.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.Engine;
import dev.rollcall.engine.EngineCounts;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Leave;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.SetState;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.contract.Settings;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Nothing remains of clients who came and went. */
class LeakTest {
    private static final EngineCounts NOTHING = new EngineCounts(0, 0, 0, 0, 0, 0, 0, 0);

    private final SplittableRandom random = new SplittableRandom(20260301);
    private EmbeddedFixture fixture;
    private Engine engine;

    @Test
    void clients_thatCameAndWentLeaveNothing() {
        fixture = new EmbeddedFixture(
                key -> Settings.settings()
                        .leaveOnDisconnect()
                        .activeNotices("notices")
                        .deltas()
                        .build(),
                new EngineListener() {});
        engine = fixture.engine();
        ArrayDeque<Poll> open = new ArrayDeque<>();
        for (int client = 0; client < 100_000; client++) {
            Poll poll = live(client);
            if (poll != null) {
                open.add(poll);
            }
            while (open.size() > 500) {
                end(open.remove());
            }
            if (client % 10 == 0) {
                fixture.jump(Duration.ofMillis(100));
            }
        }
        assertThat(engine.counts().occupants()).isPositive();
        open.forEach(this::end);
        for (String key : List.of("one", "two", "three")) {
            for (int group = 0; group < 50; group++) {
                engine.deleteGroup(new SubscribeKey(key), new ChannelGroup("group" + group));
            }
        }

        for (int minute = 0; minute < 70; minute++) {
            fixture.jump(Duration.ofMinutes(1));
        }

        assertThat(engine.counts()).isEqualTo(NOTHING);
        for (MemoryKind kind : MemoryKind.values()) {
            assertThat(fixture.memory().used(kind)).as(kind.label()).isZero();
        }
        fixture.close();
    }

    /** Does what one client does, and returns the poll it leaves open, if any. */
    private Poll live(int client) {
        SubscribeKey key = new SubscribeKey(random.nextInt(3) == 0 ? "one" : random.nextBoolean() ? "two" : "three");
        UserId user = new UserId("user" + client);
        Channel channel = new Channel("space" + random.nextInt(20) + ".room" + random.nextInt(2000));
        ChannelGroup group = new ChannelGroup("group" + random.nextInt(50));
        Channel member = new Channel(group + ".member" + random.nextInt(5));
        Targets here = Targets.of(channel);
        int timeout = 1 + random.nextInt(400);
        switch (random.nextInt(8)) {
            case 0 ->
                engine.heartbeat(new Heartbeat(
                        key, user, here, timeout, Map.of(channel.name(), State.ofJson("{\"n\":" + client + "}"))));
            case 1 -> engine.setState(new SetState(key, user, here, State.ofJson("{\"n\":" + client + "}")));
            case 2 -> {
                engine.heartbeat(new Heartbeat(key, user, here, timeout, Map.of()));
                engine.leave(new Leave(key, user, here));
            }
            case 3 ->
                engine.publish(
                        key,
                        channel,
                        new Publication(
                                MessageType.MESSAGE, "1".getBytes(StandardCharsets.UTF_8), null, user, client, null));
            case 4 -> {
                engine.addToGroup(key, group, List.of(member));
                return subscribe(key, user, List.of(), List.of(group, new ChannelGroup(group + "-pnpres")));
            }
            case 5 -> {
                int dot = channel.name().indexOf('.');
                return subscribe(key, user, List.of(new Channel(channel.name().substring(0, dot) + ".*")), List.of());
            }
            case 6 -> {
                engine.removeFromGroup(key, group, List.of(member));
                return subscribe(key, user, List.of(channel, channel.presence()), List.of(group));
            }
            default -> {
                return subscribe(key, user, List.of(channel, channel.presence()), List.of());
            }
        }
        return null;
    }

    private Poll subscribe(SubscribeKey key, UserId user, List<Channel> channels, List<ChannelGroup> groups) {
        AtomicLong cursor = new AtomicLong();
        PollEnd handshake = new PollEnd(cursor);
        engine.subscribe(new Subscribe(key, user, channels, groups, 0, 0, Map.of(), null), handshake);
        return engine.subscribe(
                new Subscribe(key, user, channels, groups, cursor.get(), 1 + random.nextInt(400), Map.of(), null),
                new PollEnd(new AtomicLong()));
    }

    private void end(Poll poll) {
        switch (random.nextInt(3)) {
            case 0 -> poll.cancel();
            case 1 -> poll.disconnect();
            default -> poll.release();
        }
    }

    /** The user was absent, with a poll open, and comes back by the very heartbeat that brings the event. */
    @Test
    void poll_answeredByTheEventThatEndsIntervalModeIsNotCountedAnyMore() {
        KeysetSettings[] settings = {Settings.settings().announceMax(1).build()};
        fixture = new EmbeddedFixture(key -> settings[0], new EngineListener() {});
        engine = fixture.engine();
        SubscribeKey key = new SubscribeKey("demo");
        Channel room = new Channel("room");
        for (String user : List.of("bob", "cyd")) {
            engine.heartbeat(new Heartbeat(key, new UserId(user), Targets.of(room), 60, Map.of()));
        }
        AtomicLong cursor = new AtomicLong();
        List<Channel> both = List.of(room, room.presence());
        UserId alice = new UserId("alice");
        engine.subscribe(new Subscribe(key, alice, both, List.of(), 0, 2, Map.of(), null), new PollEnd(cursor));
        AtomicLong answered = new AtomicLong();
        engine.subscribe(
                new Subscribe(key, alice, both, List.of(), cursor.get(), 2, Map.of(), null), new PollEnd(answered));
        fixture.jump(Duration.ofSeconds(3));
        assertThat(engine.counts().occupants()).isEqualTo(2);
        assertThat(engine.counts().polls()).isEqualTo(1);
        settings[0] = Settings.settings().announceMax(20).build();
        engine.reconfigure();

        engine.heartbeat(new Heartbeat(key, alice, Targets.of(room), 2, Map.of()));

        assertThat(answered.get()).isPositive();
        for (int minute = 0; minute < 70; minute++) {
            fixture.jump(Duration.ofMinutes(1));
        }
        assertThat(engine.counts()).isEqualTo(NOTHING);
        fixture.close();
    }

    /** Requests take the time before they take a lock, so one may come after another that is later. */
    @Test
    void subscribe_thatReadTheClockBeforeAnotherRequestJoinsAndIsForgotten() {
        long[] millis = {7_000_000};
        EmbeddedEngine late =
                new EmbeddedEngine(key -> Settings.settings().build(), clock(millis), new EngineListener() {});
        engine = late;
        SubscribeKey key = new SubscribeKey("demo");
        Channel room = new Channel("room");
        UserId alice = new UserId("alice");
        millis[0] += 20;
        engine.setState(new SetState(key, alice, Targets.of(room), State.ofJson("{\"n\":1}")));
        millis[0] -= 20;

        Poll poll = engine.subscribe(
                new Subscribe(key, alice, List.of(room), List.of(), 1, 5, Map.of(), null),
                new PollEnd(new AtomicLong()));

        assertThat(engine.counts().occupants()).isEqualTo(1);
        poll.cancel();
        for (int minute = 0; minute < 70; minute++) {
            millis[0] += 60_000;
            while (late.advance()) {
                // More is due.
            }
        }
        assertThat(engine.counts()).isEqualTo(NOTHING);
    }

    /** The user left before a restart, and polls after it within the debounce time. */
    @Test
    void poll_thatWaitsForTheEndOfADebounceTimeOfBeforeARestartIsForgotten() throws IOException {
        long[] millis = {7_000_000};
        SubscribeKey key = new SubscribeKey("demo");
        Channel room = new Channel("room");
        UserId alice = new UserId("alice");
        EmbeddedEngine before =
                new EmbeddedEngine(key1 -> Settings.settings().build(), clock(millis), new EngineListener() {});
        before.heartbeat(new Heartbeat(key, alice, Targets.of(room), 0, Map.of()));
        before.leave(new Leave(key, alice, Targets.of(room)));
        ByteArrayOutputStream snapshot = new ByteArrayOutputStream();
        before.writeSnapshot(snapshot, Duration.ZERO);
        EmbeddedEngine after =
                new EmbeddedEngine(key1 -> Settings.settings().build(), clock(millis), new EngineListener() {});
        after.restore(new ByteArrayInputStream(snapshot.toByteArray()), Duration.ZERO);
        Poll poll = after.subscribe(
                new Subscribe(key, alice, List.of(room), List.of(), 1, 5, Map.of(), null),
                new PollEnd(new AtomicLong()));
        assertThat(after.counts().occupants()).isZero();

        poll.cancel();

        for (int minute = 0; minute < 70; minute++) {
            millis[0] += 60_000;
            while (after.advance()) {
                // More is due.
            }
        }
        assertThat(after.counts()).isEqualTo(NOTHING);
    }

    private static EngineTime clock(long[] millis) {
        return new EngineTime() {
            @Override
            public long epochMillis() {
                return 1_700_000_000_000L + millis[0];
            }

            @Override
            public long monotonicMillis() {
                return millis[0];
            }
        };
    }

    @Test
    void feed_thatEverybodyLeftIsForgottenThoughItWasFull() {
        fixture = new EmbeddedFixture(key -> Settings.settings().build(), new EngineListener() {});
        engine = fixture.engine();
        List<Poll> polls = new ArrayList<>();
        SubscribeKey key = new SubscribeKey("demo");
        for (int i = 0; i < 200; i++) {
            engine.publish(
                    key,
                    new Channel("a.b"),
                    new Publication(MessageType.MESSAGE, new byte[] {'1'}, null, null, 0, null));
            polls.add(subscribe(key, new UserId("u" + i), List.of(new Channel("a.b"), new Channel("a.*")), List.of()));
        }
        assertThat(engine.counts().messages()).isGreaterThanOrEqualTo(200);
        polls.forEach(Poll::cancel);

        for (int minute = 0; minute < 45; minute++) {
            fixture.jump(Duration.ofMinutes(1));
        }

        assertThat(engine.counts()).isEqualTo(NOTHING);
        fixture.close();
    }
}

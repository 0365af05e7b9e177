package dev.rollcall.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.Leave;
import dev.rollcall.engine.MessageFilter;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.engine.contract.Settings;
import dev.rollcall.engine.contract.Waiting;
import dev.rollcall.engine.embedded.group.GroupStore;
import dev.rollcall.engine.embedded.lock.RankedLock;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a listener, a filter or a store throws costs what it is about and nothing else; and all of them are called under no lock. */
class FailuresAloneTest {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final Channel ROOM = new Channel("a.b.room");
    private static final Channel OTHER = new Channel("other");
    private static final UserId ALICE = new UserId("alice");

    private final LoggedErrors errors = LoggedErrors.collect();
    private final List<Throwable> counted = new ArrayList<>();
    private final List<PresenceEvent> told = new ArrayList<>();
    private final List<String> heldALock = new ArrayList<>();
    private final ManualTime time = new ManualTime();
    private @Nullable Throwable ofListener;
    private final EmbeddedEngine engine = new EmbeddedEngine(
            key -> {
                note("settings");
                return Settings.settings()
                        .leaveOnDisconnect()
                        .debounce(Duration.ZERO)
                        .activeNotices("notices")
                        .build();
            },
            time,
            new EngineListener() {
                @Override
                public void onPresence(SubscribeKey key, Channel channel, PresenceEvent event) {
                    note("presence");
                    told.add(event);
                    raise(ofListener);
                }

                @Override
                public void onLateness(long lateMillis) {
                    note("lateness");
                    raise(ofListener);
                }

                @Override
                public void onFailure(Throwable failure) {
                    note("failure");
                    counted.add(failure);
                    raise(ofListener);
                }
            },
            new WatchedStore());

    @AfterEach
    void calledUnderNoLock() {
        errors.ignore();
        assertThat(heldALock).isEmpty();
        assertThat(RankedLock.isNoneHeld()).isTrue();
    }

    static List<Throwable> failures() {
        return List.of(
                new IllegalStateException("on purpose"),
                new AssertionError("on purpose"),
                new StackOverflowError("on purpose"),
                new NoClassDefFoundError("on purpose"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void pollListener_thatThrowsCostsItsPollOnly(Throwable failure) {
        List<Object> answers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            poll(List.of(ROOM), null, answer -> raise(failure));
            poll(List.of(ROOM), null, answers::add);
            poll(List.of(ROOM, OTHER, new Channel("a.*")), null, answer -> raise(failure));
            poll(List.of(ROOM, OTHER, new Channel("a.*")), null, answers::add);
        }

        publish(ROOM);

        assertThat(answers).hasSize(6);
        assertThat(counted).hasSize(6).containsOnly(failure);
        assertThat(engine.counts().polls()).isZero();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void filter_thatThrowsFailsItsPollOnly(Throwable failure) {
        List<Object> outcomes = new ArrayList<>();
        List<Object> answers = new ArrayList<>();
        poll(
                List.of(ROOM),
                message -> {
                    note("filter");
                    raise(failure);
                    return true;
                },
                outcomes::add);
        poll(List.of(ROOM), message -> true, answers::add);

        publish(ROOM);

        assertThat(answers).hasSize(1);
        assertThat(outcomes).containsExactly(ErrorCode.INTERNAL);
        assertThat(engine.counts().polls()).isZero();
        time.advance(Duration.ofMinutes(10));
        engine.advance();
        assertThat(outcomes).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void engineListener_thatThrowsChangesNothing(Throwable failure) {
        ofListener = failure;
        List<Object> answers = new ArrayList<>();
        poll(List.of(ROOM.presence()), null, answers::add);

        engine.heartbeat(new Heartbeat(KEY, ALICE, Targets.of(ROOM), 10, Map.of()));
        time.advance(Duration.ofSeconds(11));
        engine.advance();

        assertThat(answers).hasSize(1);
        assertThat(told).hasSize(2);
        assertThat(counted).hasSize(3);
        assertThat(engine.counts().occupants()).isZero();
    }

    @Test
    void outOfMemory_isThrownOnOnceEverybodyElseIsAnswered() {
        List<Object> answers = new ArrayList<>();
        poll(List.of(ROOM), null, answer -> raise(new OutOfMemoryError("Java heap space")));
        poll(List.of(ROOM), null, answers::add);
        poll(List.of(ROOM, OTHER), null, answers::add);

        assertThatThrownBy(() -> publish(ROOM)).isInstanceOf(OutOfMemoryError.class);

        assertThat(answers).hasSize(2);
        assertThat(engine.counts().polls()).isZero();
        publish(ROOM);
    }

    @Test
    void handshake_whoseListenerThrowsIsOverLikeAnyOther() {
        Poll poll = engine.subscribe(
                new Subscribe(KEY, ALICE, List.of(ROOM), List.of(), 0, 0, Map.of(), null),
                listener(answer -> raise(new AssertionError("on purpose"))));

        poll.release();

        assertThat(counted).hasSize(1);
        assertThat(engine.counts().occupants()).isEqualTo(1);
    }

    @Test
    void everything_isToldUnderNoLock() {
        List<Object> answers = new ArrayList<>();
        List<Channel> nested = List.of(new Channel("a.*"), new Channel("a.b.*"), new Channel("a.b.*-pnpres"), ROOM);
        for (int round = 0; round < 3; round++) {
            Poll poll = subscribe(ALICE, nested, List.of(new ChannelGroup("g")), answers::add);
            engine.heartbeat(new Heartbeat(KEY, new UserId("bob"), Targets.of(ROOM), 10, Map.of()));
            Poll another = subscribe(ALICE, nested, List.of(new ChannelGroup("g")), answers::add);
            Waiting.on(engine.addToGroup(KEY, new ChannelGroup("g"), List.of(OTHER)));
            poll.disconnect();
            another.disconnect();
            Poll last = subscribe(new UserId("cyd"), nested, List.of(), answers::add);
            last.disconnect();
            engine.leave(new Leave(KEY, new UserId("bob"), Targets.of(ROOM)));
            Waiting.on(engine.removeFromGroup(KEY, new ChannelGroup("g"), List.of(OTHER)));
            time.advance(Duration.ofMinutes(10));
            engine.advance();
        }
        assertThat(answers).isNotEmpty();
        assertThat(counted).isEmpty();
    }

    @Test
    void poll_thatAGroupEditAnswersMayEditGroups() {
        ChannelGroup group = new ChannelGroup("g");
        List<Object> answers = new ArrayList<>();
        subscribe(null, List.of(), List.of(group), answer -> {
            answers.add(answer);
            Waiting.on(engine.addToGroup(KEY, group, List.of(OTHER)));
            Waiting.on(engine.deleteGroup(KEY, new ChannelGroup("h")));
        });

        Waiting.on(engine.addToGroup(KEY, group, List.of(ROOM)));

        assertThat(answers).hasSize(1);
        assertThat(Waiting.on(engine.group(KEY, group))).containsExactly(ROOM, OTHER);
    }

    @Test
    void store_thatThrowsFailsItsEditOnly() {
        ChannelGroup group = new ChannelGroup("refused");

        CompletionStage<Void> refused = engine.addToGroup(KEY, group, List.of(ROOM));

        assertThat(refused.toCompletableFuture()).isCompletedExceptionally();
        assertThat(Waiting.on(engine.group(KEY, group))).isEmpty();
        Waiting.on(engine.addToGroup(KEY, new ChannelGroup("g"), List.of(ROOM)));
        assertThat(Waiting.on(engine.groups(KEY))).containsExactly(new ChannelGroup("g"));
    }

    private void note(String what) {
        if (!RankedLock.isNoneHeld()) {
            heldALock.add(what);
        }
    }

    private static void raise(@Nullable Throwable failure) {
        if (failure != null) {
            throw FailuresAloneTest.<RuntimeException>unchecked(failure);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E unchecked(Throwable failure) throws E {
        throw (E) failure;
    }

    private void publish(Channel channel) {
        engine.publish(KEY, channel, new Publication(MessageType.MESSAGE, new byte[] {'1'}, null, null, 0, null));
    }

    private void poll(List<Channel> channels, @Nullable MessageFilter filter, Consumer<Object> action) {
        AtomicLong cursor = new AtomicLong();
        engine.subscribe(new Subscribe(KEY, null, channels, List.of(), 0, 0, Map.of(), null), new PollEnd(cursor));
        engine.subscribe(
                new Subscribe(KEY, null, channels, List.of(), cursor.get(), 0, Map.of(), filter), listener(action));
    }

    private Poll subscribe(
            @Nullable UserId user, List<Channel> channels, List<ChannelGroup> groups, Consumer<Object> action) {
        AtomicLong cursor = new AtomicLong();
        engine.subscribe(new Subscribe(KEY, user, channels, groups, 0, 0, Map.of(), null), new PollEnd(cursor));
        return engine.subscribe(
                new Subscribe(KEY, user, channels, groups, cursor.get(), 0, Map.of(), null), listener(action));
    }

    private PollListener listener(Consumer<Object> action) {
        return new PollListener() {
            @Override
            public void onAnswer(Answer answer) {
                note("answer");
                action.accept(answer);
            }

            @Override
            public void onFailure(ProtocolException failure) {
                note("failure of a poll");
                action.accept(failure.code());
            }
        };
    }

    private final class WatchedStore implements GroupStore {
        @Override
        public void load(BiConsumer<Id, List<Channel>> groups) {}

        @Override
        public CompletionStage<Void> add(Id group, Collection<Channel> channels) {
            note("store");
            if (group.group().name().equals("refused")) {
                throw new AssertionError("on purpose");
            }
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Void> remove(Id group, Collection<Channel> channels) {
            note("store");
            return CompletableFuture.completedStage(null);
        }
    }
}

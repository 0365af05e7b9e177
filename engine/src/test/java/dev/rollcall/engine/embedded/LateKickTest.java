package dev.rollcall.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.Leave;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.SetState;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.contract.Settings;
import dev.rollcall.engine.contract.Waiting;
import dev.rollcall.engine.kick.Kick;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Somebody is kicked while a request of theirs has come through half of its channels. */
class LateKickTest {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final UserId ALICE = new UserId("alice");
    private static final List<Channel> ROOMS =
            IntStream.range(0, 6).mapToObj(i -> new Channel("room" + i)).toList();

    private final EmbeddedFixture fixture =
            new EmbeddedFixture(key -> Settings.settings().build(), new EngineListener() {
                @Override
                public void onPresence(SubscribeKey key, Channel channel, PresenceEvent event) {
                    if (channel.equals(ROOMS.get(2)) && kick != null) {
                        Kick now = kick;
                        kick = null;
                        Waiting.on(engine().kicks().kick(now));
                    }
                }
            });
    private Kick kick;

    private EmbeddedEngine engine() {
        return (EmbeddedEngine) fixture.engine();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static Kick ban(Channel... channels) {
        return new Kick(KEY, ALICE, List.of(channels), Duration.ofMinutes(10), null);
    }

    private List<Channel> whereAliceIs() {
        return Waiting.on(engine().whereNow(KEY, ALICE));
    }

    private static void assertForbidden(CompletionStage<Void> stage) {
        assertThat(stage.toCompletableFuture()).isCompletedExceptionally();
        stage.exceptionally(failure -> {
            assertThat(failure)
                    .isInstanceOfSatisfying(
                            ProtocolException.class,
                            told -> assertThat(told.code()).isEqualTo(ErrorCode.FORBIDDEN));
            return null;
        });
    }

    private CompletionStage<Void> heartbeat(Targets targets) {
        return engine().heartbeat(new Heartbeat(KEY, ALICE, targets, 300, Map.of()));
    }

    @Test
    void heartbeat_underWayKeepsNobodyPresent() {
        kick = ban();

        assertForbidden(heartbeat(new Targets(ROOMS, List.of())));

        assertThat(kick).isNull();
        assertThat(whereAliceIs()).isEmpty();
    }

    @Test
    void heartbeat_throughGroupsUnderWayKeepsNobodyPresent() {
        ChannelGroup group = new ChannelGroup("friends");
        Waiting.on(engine().addToGroup(KEY, group, ROOMS));
        kick = ban();

        assertForbidden(heartbeat(new Targets(List.of(), List.of(group))));

        assertThat(whereAliceIs()).isEmpty();
    }

    @Test
    void heartbeat_underWayLeavesThemWhereTheyMayBe() {
        kick = ban(ROOMS.get(4));

        assertForbidden(heartbeat(new Targets(ROOMS, List.of())));

        assertThat(whereAliceIs()).hasSize(5).doesNotContain(ROOMS.get(4));
        Waiting.on(heartbeat(Targets.of(ROOMS.get(0))));
        assertThat(whereAliceIs()).hasSize(5);
    }

    @Test
    void handshake_underWayKeepsNobodyPresent() {
        kick = ban();

        engine().subscribe(new Subscribe(KEY, ALICE, ROOMS, List.of(), 0, 300, Map.of(), null), new Unheard());

        assertThat(kick).isNull();
        assertThat(whereAliceIs()).isEmpty();
    }

    @Test
    void state_underWayIsRefused() {
        Waiting.on(heartbeat(new Targets(ROOMS, List.of())));
        kick = ban();

        assertForbidden(
                engine().setState(new SetState(KEY, ALICE, new Targets(ROOMS, List.of()), State.ofJson("{\"k\":1}"))));

        assertThat(whereAliceIs()).isEmpty();
    }

    private Unheard pollWithinDebounce(Channel channel) {
        Waiting.on(heartbeat(Targets.of(channel)));
        Waiting.on(engine().leave(new Leave(KEY, ALICE, Targets.of(channel))));
        Unheard poll = new Unheard();
        long now = fixture.time().epochMillis() * 10_000;
        engine().subscribe(new Subscribe(KEY, ALICE, List.of(channel), List.of(), now, 300, Map.of(), null), poll);
        return poll;
    }

    @Test
    void poll_withinTheDebounceTimeIsRefusedAtOnce() {
        Unheard poll = pollWithinDebounce(ROOMS.get(0));

        Waiting.on(engine().kicks().kick(ban()));

        assertThat(poll.failure).isNotNull();
        assertThat(poll.failure.code()).isEqualTo(ErrorCode.FORBIDDEN);
        fixture.advance(Duration.ofSeconds(5));
        assertThat(whereAliceIs()).isEmpty();
    }

    @Test
    void poll_withinTheDebounceTimeOfAChannelThatIsNamedIsRefused() {
        Unheard poll = pollWithinDebounce(ROOMS.get(0));
        Unheard other = pollWithinDebounce(ROOMS.get(1));

        Waiting.on(engine().kicks().kick(ban(ROOMS.get(0))));

        assertThat(poll.failure).isNotNull();
        assertThat(other.failure).isNull();
        fixture.advance(Duration.ofSeconds(5));
        assertThat(whereAliceIs()).containsExactly(ROOMS.get(1));
    }

    @Test
    void poll_withinTheDebounceTimeOfSomebodyElseGoesOn() {
        Unheard poll = pollWithinDebounce(ROOMS.get(0));

        Waiting.on(engine().kicks().kick(new Kick(KEY, new UserId("bob"), List.of(), Duration.ofMinutes(10), null)));

        fixture.advance(Duration.ofSeconds(5));
        assertThat(poll.failure).isNull();
        assertThat(whereAliceIs()).containsExactly(ROOMS.get(0));
    }

    private Unheard poll(List<Channel> channels, List<ChannelGroup> groups) {
        Unheard poll = new Unheard();
        long now = fixture.time().epochMillis() * 10_000;
        engine().subscribe(new Subscribe(KEY, ALICE, channels, groups, now, 300, Map.of(), null), poll);
        return poll;
    }

    @Test
    void poll_thatOnlyHearsOfOthersIsRefused() {
        ChannelGroup friends = new ChannelGroup("friends");
        Waiting.on(engine().addToGroup(KEY, friends, List.of(ROOMS.get(0))));
        Unheard channel = poll(List.of(ROOMS.get(0).presence()), List.of());
        Unheard group = poll(List.of(), List.of(new ChannelGroup("friends-pnpres")));
        Unheard both = poll(List.of(ROOMS.get(1), ROOMS.get(0).presence()), List.of());
        Unheard elsewhere = poll(List.of(ROOMS.get(2).presence()), List.of());

        assertThat(Waiting.on(engine().kicks().kick(ban(ROOMS.get(0)))).polls()).isEqualTo(3);

        assertThat(channel.failure).isNotNull();
        assertThat(group.failure).isNotNull();
        assertThat(both.failure).isNotNull();
        assertThat(elsewhere.failure).isNull();
        Waiting.on(engine().kicks().kick(ban()));
        assertThat(elsewhere.failure).isNotNull();
        assertThat(fixture.memory().used(MemoryKind.POLLS)).isZero();
    }

    @Test
    void poll_thatOnlyHearsOfOthersIsForgottenOnceItIsAnswered() {
        Unheard poll = poll(List.of(ROOMS.get(0).presence()), List.of());
        assertThat(fixture.memory().used(MemoryKind.POLLS)).isPositive();

        fixture.advance(Duration.ofMinutes(6));

        assertThat(poll.failure).isNull();
        assertThat(fixture.memory().used(MemoryKind.POLLS)).isZero();
        assertThat(Waiting.on(engine().kicks().kick(ban())).polls()).isZero();
    }

    @Test
    void kick_withoutABanAnswersAPollThatOnlyHearsOfOthers() {
        Unheard poll = poll(List.of(ROOMS.get(0).presence()), List.of());

        Waiting.on(engine().kicks().kick(new Kick(KEY, ALICE, List.of(), Duration.ZERO, null)));

        assertThat(poll.failure).isNull();
        assertThat(poll.answers).isEqualTo(1);
    }

    @Test
    void heartbeat_throughAGroupThatChangesMeanwhileBringsNobodyBack() throws InterruptedException {
        ChannelGroup group = new ChannelGroup("changing");
        Waiting.on(engine().addToGroup(KEY, group, ROOMS.subList(1, 6)));
        Waiting.on(engine().kicks().kick(ban(ROOMS.get(0))));
        AtomicBoolean isOver = new AtomicBoolean();
        Thread editor = new Thread(() -> {
            while (!isOver.get()) {
                Waiting.on(engine().addToGroup(KEY, group, List.of(ROOMS.get(0))));
                Waiting.on(engine().removeFromGroup(KEY, group, List.of(ROOMS.get(0))));
            }
        });
        editor.start();

        for (int i = 0; i < 5000; i++) {
            heartbeat(new Targets(List.of(), List.of(group))).exceptionally(refused -> null);
        }
        isOver.set(true);
        editor.join();

        assertThat(whereAliceIs()).doesNotContain(ROOMS.get(0)).isNotEmpty();
    }

    private static final class Unheard implements PollListener {
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

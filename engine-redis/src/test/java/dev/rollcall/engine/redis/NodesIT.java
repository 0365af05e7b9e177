package dev.rollcall.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.EngineCounts;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.KeysetLimits;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Leave;
import dev.rollcall.engine.RosterPage;
import dev.rollcall.engine.SetState;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.contract.RecordingClient;
import dev.rollcall.engine.contract.Settings;
import dev.rollcall.engine.contract.Sound;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several nodes on one Redis, on the real clock: whatever is done at one is seen at the other. */
class NodesIT {
    private static final SubscribeKey KEY = new SubscribeKey("demo");

    /** At most two groups, two wildcards, and three channels for one user. */
    private static final SubscribeKey SMALL = new SubscribeKey("small");

    /** Whoever loses their connection leaves at once. */
    private static final SubscribeKey STRICT = new SubscribeKey("strict");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final RedisServerExtension REDIS = new RedisServerExtension();

    private final List<RedisEngine> nodes = new ArrayList<>();
    private RedisEngine here;
    private RedisEngine there;

    @BeforeEach
    void startNodes() {
        empty();
        here = node();
        there = node();
    }

    @AfterEach
    void stopNodes() {
        nodes.forEach(RedisEngine::close);
    }

    void empty() {
        REDIS.server().with(redis -> redis.flushall());
    }

    RedisOptions options() {
        return REDIS.options();
    }

    private RedisEngine node() {
        RedisEngine node = RedisEngine.start(
                options(),
                key -> key.equals(STRICT)
                        ? Settings.settings()
                                .leaveOnDisconnect()
                                .debounce(Duration.ZERO)
                                .build()
                        : key.equals(SMALL)
                                ? KeysetSettings.DEFAULT.withLimits(new KeysetLimits(3, 2, 100, 2, 0))
                                : KeysetSettings.DEFAULT,
                EngineTime.system(),
                new EngineListener() {},
                ScriptListener.NONE,
                new Daemons(System::nanoTime));
        nodes.add(node);
        return node;
    }

    private static RecordingClient client(RedisEngine node, String user) {
        return new RecordingClient(node, KEY, user == null ? null : new UserId(user));
    }

    @Test
    void join_onOneNodeIsHeardOnTheOther() {
        RecordingClient watcher = client(there, null).subscribes("room-pnpres");

        heartbeat(here, "alice", "room", 60);

        hears(watcher, "join alice 1");
        assertThat(occupants(there, "room")).containsExactly("alice");
    }

    @Test
    void groups_areLimitedForTheWholeService() {
        on(here.addToGroup(SMALL, new ChannelGroup("one"), List.of(new Channel("a"), new Channel("b"))));
        on(there.addToGroup(SMALL, new ChannelGroup("two"), List.of(new Channel("c"), new Channel("d"))));

        var more = here.addToGroup(SMALL, new ChannelGroup("three"), List.of(new Channel("e")));

        assertThat(Clients.refusal(more)).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(on(there.groups(SMALL))).containsExactly(new ChannelGroup("one"), new ChannelGroup("two"));
        on(here.addToGroup(SMALL, new ChannelGroup("one"), List.of(new Channel("e"))));
        on(there.deleteGroup(SMALL, new ChannelGroup("two")));
        on(here.addToGroup(SMALL, new ChannelGroup("three"), List.of(new Channel("e"))));
    }

    @Test
    void groups_standForNoMoreChannelsThanOneUserMayBeIn() {
        on(here.addToGroup(SMALL, new ChannelGroup("one"), List.of(new Channel("a"), new Channel("b"))));
        on(here.addToGroup(SMALL, new ChannelGroup("two"), List.of(new Channel("c"), new Channel("d"))));
        var one = new Targets(List.of(), List.of(new ChannelGroup("one")));
        var both = new Targets(List.of(), List.of(new ChannelGroup("one"), new ChannelGroup("two")));
        UserId alice = new UserId("alice");

        on(here.heartbeat(new Heartbeat(SMALL, alice, one, 60, Map.of())));
        assertThat(Clients.refusal(here.heartbeat(new Heartbeat(SMALL, alice, both, 60, Map.of()))))
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(Clients.refusal(here.heartbeat(
                        new Heartbeat(SMALL, alice, both, 60, Map.of("one", State.ofJson("{\"k\":1}"))))))
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(Clients.refusal(there.leave(new Leave(SMALL, alice, both)))).isEqualTo(ErrorCode.INVALID_ARGUMENT);

        assertThat(on(there.whereNow(SMALL, alice))).containsExactly(new Channel("a"), new Channel("b"));
    }

    @Test
    void wildcards_areLimitedForTheWholeService() {
        RecordingClient one = new RecordingClient(here, SMALL, null).subscribes("a.*");
        RecordingClient two = new RecordingClient(there, SMALL, null).subscribes("b.*");
        long cursor = on(here.timetoken());

        assertThat(new RecordingClient(here, SMALL, null)
                        .resumesFrom(0, "c.*")
                        .isRefused()
                        .code())
                .isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(new RecordingClient(there, SMALL, null)
                        .resumesFrom(cursor, "d.*")
                        .isRefused()
                        .code())
                .isEqualTo(ErrorCode.RATE_LIMITED);

        RecordingClient again = new RecordingClient(here, SMALL, null).subscribes("b.*");
        on(there.publish(SMALL, new Channel("a.x"), publication("a")));
        on(here.publish(SMALL, new Channel("b.x"), publication("b")));
        hears(one, "message \"a\"");
        hears(two, "message \"b\"");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(texts(again)).contains("message \"b\""));
        // Elsewhere they may have theirs.
        client(here, null).subscribes("c.*");
    }

    @Test
    void channels_ofOneUserAreLimitedAtEachNodeThatHasSeenThemJoin() {
        UserId alice = new UserId("alice");
        for (String channel : List.of("a", "b", "c")) {
            on(here.heartbeat(new Heartbeat(SMALL, alice, channel(channel), 60, Map.of())));
        }
        var more = new Heartbeat(SMALL, alice, channel("d"), 60, Map.of());

        assertThat(Clients.refusal(here.heartbeat(more))).isEqualTo(ErrorCode.RATE_LIMITED);
        on(here.heartbeat(new Heartbeat(SMALL, alice, channel("a"), 60, Map.of())));
        on(here.heartbeat(new Heartbeat(SMALL, alice, channel("a"), 60, Map.of("a", State.ofJson("{\"k\":1}")))));
        on(here.heartbeat(new Heartbeat(SMALL, new UserId("bob"), channel("d"), 60, Map.of())));
        assertThat(on(there.whereNow(SMALL, alice))).hasSize(3);

        on(there.leave(new Leave(SMALL, alice, channel("a"))));
        on(here.heartbeat(more));
        assertThat(Clients.refusal(here.heartbeat(new Heartbeat(SMALL, alice, channel("e"), 60, Map.of()))))
                .isEqualTo(ErrorCode.RATE_LIMITED);
    }

    @Test
    void message_isRefusedWhoseCopiesUnderWildcardsWouldBeTooMuch() {
        byte[] large = Names.bytes('"' + "x".repeat(1_500_000) + '"');
        var publication = new Publication(MessageType.MESSAGE, large, null, null, 0, null);
        RecordingClient reader = client(there, null).subscribes("a.*", "a.b.*");

        on(here.publish(KEY, new Channel("a.b.c.d.e"), publication));
        assertThat(Clients.refusal(here.publish(KEY, new Channel("a.b.c.d.e.f"), publication)))
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        publish(here, "a.b.c.d.e.f", "small");

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(texts(reader)).hasSize(4).endsWith("message \"small\"", "message \"small\""));
    }

    /** What takes more than one call does not overtake, and is not overtaken by, what the same user asks next. */
    @Test
    void leaveThroughAGroup_isNotOvertakenByAJoinAfterItNorByOneBeforeIt() {
        on(here.addToGroup(KEY, new ChannelGroup("g"), List.of(new Channel("a"))));
        var group = new Targets(List.of(), List.of(new ChannelGroup("g")));
        for (int i = 0; i < 50; i++) {
            UserId user = new UserId("user-" + i);
            here.heartbeat(new Heartbeat(KEY, user, group, 60, Map.of()));
            on(here.leave(new Leave(KEY, user, channel("a"))));
            assertThat(occupants(here, "a")).as("left, round " + i).isEmpty();

            here.leave(new Leave(KEY, user, group));
            on(here.heartbeat(new Heartbeat(KEY, user, channel("a"), 60, Map.of())));
            assertThat(occupants(here, "a")).as("back, round " + i).containsExactly(user.value());
            on(here.leave(new Leave(KEY, user, group)));
        }
    }

    @Test
    void cursor_ofOneNodeGoesOnAtTheOther() {
        RecordingClient reader = client(here, null).shakesHands(List.of("a", "b", "c", "d"), List.of());
        for (int i = 0; i < 20; i++) {
            publish(i % 2 == 0 ? here : there, "abcd".substring(i % 4, i % 4 + 1), "m" + i);
        }

        RecordingClient elsewhere = client(there, null).resumesFrom(reader.cursor(), "a", "b", "c", "d");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(texts(elsewhere))
                        .containsExactlyElementsOf(java.util.stream.IntStream.range(0, 20)
                                .mapToObj(i -> "message \"m" + i + "\"")
                                .toList()));
    }

    @Test
    void timeout_isAnnouncedOnceByWhicheverNode() {
        RecordingClient one = client(here, null).subscribes("room-pnpres");
        RecordingClient other = client(there, null).subscribes("room-pnpres");

        heartbeat(here, "alice", "room", 1);

        hears(one, "join alice 1", "timeout alice 0");
        hears(other, "join alice 1", "timeout alice 0");
    }

    @Test
    void timeout_comesOnTimeAfterTheSweeperDied() {
        RecordingClient watcher = client(there, null).subscribes("room-pnpres");
        heartbeat(there, "bob", "room", 300);
        heartbeat(here, "alice", "room", 2);

        // Closed without a word to the others, as if it had been killed: the sweeper's claim stays.
        here.close();

        hears(watcher, "join bob 1", "join alice 2", "timeout alice 1");
    }

    @Test
    void heartbeats_onAlternatingNodesKeepTheUserPresent() {
        RecordingClient watcher = client(there, null).subscribes("room-pnpres");
        RecordingClient clock = client(here, null).subscribes("clock-pnpres");
        for (int i = 1; i <= 5; i++) {
            heartbeat(i % 2 == 0 ? here : there, "alice", "room", 3);
            heartbeat(there, "tick", "clock", 1);
            int ticked = 2 * i;
            await().atMost(PATIENCE).until(() -> texts(clock).size() == ticked);
        }

        assertThat(occupants(here, "room")).containsExactly("alice");
        hears(watcher, "join alice 1");
    }

    @Test
    void stateAndLeave_onOneNodeAreSeenAtTheOther() {
        RecordingClient watcher = client(there, null).subscribes("room-pnpres");
        heartbeat(here, "alice", "room", 60);
        on(here.setState(new SetState(KEY, new UserId("alice"), channel("room"), State.ofJson("{\"k\":1}"))));

        assertThat(on(there.state(KEY, new UserId("alice"), channel("room"))))
                .containsEntry(new Channel("room"), State.ofJson("{\"k\":1}"));
        assertThat(on(there.whereNow(KEY, new UserId("alice")))).containsExactly(new Channel("room"));
        on(there.leave(new Leave(KEY, new UserId("alice"), channel("room"))));

        hears(watcher, "join alice 1", "state-change alice 1 {\"k\":1}", "leave alice 0");
        assertThat(on(here.whereNow(KEY, new UserId("alice")))).isEmpty();
    }

    @Test
    void group_changedOnOneNodeAnswersPollsOfTheOther() {
        on(here.addToGroup(KEY, new ChannelGroup("g"), List.of(new Channel("a"))));
        RecordingClient reader = client(there, null).subscribesGroups("g");
        publish(here, "a", "one");
        hears(reader, "message \"one\"");

        on(here.addToGroup(KEY, new ChannelGroup("g"), List.of(new Channel("b"))));
        reader.getsAnswers(3);
        publish(here, "b", "two");

        hears(reader, "message \"one\"", "message \"two\"");
    }

    @Test
    void feeds_ofTwoPublishersAreHeardWholeAndInOrderByAll() {
        RecordingClient one = client(here, null).subscribes("a", "b", "a.*");
        RecordingClient other = client(there, null).subscribes("a", "b", "a.*");
        List<CompletionStage<Long>> sent = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            sent.add(post(i % 2 == 0 ? here : there, i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : "a.x", "m" + i));
        }
        sent.forEach(NodesIT::on);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(texts(one)).hasSize(90));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(texts(other)).isEqualTo(texts(one)));
    }

    @Test
    void disconnect_whileAnotherTabIsOpenOnAnotherNodeSaysNothing() {
        RecordingClient watcher = new RecordingClient(there, STRICT, null).subscribes("room-pnpres");
        RecordingClient tab = new RecordingClient(here, STRICT, new UserId("alice")).subscribes("room");
        RecordingClient other = new RecordingClient(there, STRICT, new UserId("alice")).subscribes("room");
        hears(watcher, "join alice 1");
        // Both polls wait: what is published reaches them.
        on(here.publish(STRICT, new Channel("room"), publication("hello")));
        hears(tab, "message \"hello\"");
        hears(other, "message \"hello\"");

        tab.disconnects();
        RecordingClient clock = client(there, null).subscribes("clock-pnpres");
        heartbeat(there, "tick", "clock", 2);
        hears(clock, "join tick 1", "timeout tick 0");

        assertThat(texts(watcher)).containsExactly("join alice 1");
        other.disconnects();
        hears(watcher, "join alice 1", "leave alice 0");
    }

    @Test
    void counts_areThoseOfAllNodesTogether() {
        heartbeat(here, "alice", "room", 60);
        heartbeat(there, "bob", "room", 60);
        heartbeat(there, "bob", "hall", 60);
        on(here.setState(new SetState(KEY, new UserId("carol"), channel("attic"), State.ofJson("{\"k\":1}"))));
        on(there.addToGroup(KEY, new ChannelGroup("g"), List.of(new Channel("room"))));

        for (RedisEngine node : nodes) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                EngineCounts counts = node.counts();
                assertThat(counts.channels()).isEqualTo(3);
                assertThat(counts.occupants()).isEqualTo(3);
                assertThat(counts.absentees()).isEqualTo(1);
                assertThat(counts.groups()).isEqualTo(1);
            });
        }
    }

    private static void hears(RecordingClient client, String... texts) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(texts(client)).containsExactly(texts));
    }

    private static List<String> texts(RecordingClient client) {
        return client.unheard().stream().map(Sound::text).toList();
    }

    private static void heartbeat(RedisEngine node, String user, String channel, int seconds) {
        on(node.heartbeat(new Heartbeat(KEY, new UserId(user), channel(channel), seconds, Map.of())));
    }

    private static Targets channel(String name) {
        return Targets.of(new Channel(name));
    }

    private static List<String> occupants(RedisEngine node, String channel) {
        RosterPage page = on(node.hereNow(new HereNowQuery(KEY, channel(channel), true, 1000, 0)))
                .get(0);
        return page.occupants().stream()
                .map(occupant -> occupant.user().value())
                .toList();
    }

    private static void publish(RedisEngine node, String channel, String text) {
        on(post(node, channel, text));
    }

    private static CompletionStage<Long> post(RedisEngine node, String channel, String text) {
        return node.publish(KEY, new Channel(channel), publication(text));
    }

    private static Publication publication(String text) {
        return new Publication(MessageType.MESSAGE, Names.bytes('"' + text + '"'), null, null, 0, null);
    }

    private static <T> T on(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the engine did not answer", e);
        }
    }
}

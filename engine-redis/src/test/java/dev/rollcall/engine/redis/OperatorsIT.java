package dev.rollcall.engine.redis;

import static dev.rollcall.engine.redis.Clients.KEY;
import static dev.rollcall.engine.redis.Clients.PATIENCE;
import static dev.rollcall.engine.redis.Clients.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.contract.RecordingClient;
import dev.rollcall.engine.contract.RecordingReader;
import dev.rollcall.engine.directory.NodeView;
import dev.rollcall.engine.directory.PageQuery;
import dev.rollcall.engine.events.EventStream;
import dev.rollcall.engine.explain.Explanation;
import dev.rollcall.engine.kick.Kick;
import dev.rollcall.engine.redis.link.Link;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What operators ask of one node about what happens at another. */
class OperatorsIT {
    @RegisterExtension
    static final RedisServerExtension REDIS = new RedisServerExtension();

    private static final UserId ALICE = new UserId("alice");

    private RedisEngine here;
    private RedisEngine there;

    @BeforeEach
    void startNodes() {
        REDIS.server().with(redis -> redis.flushall());
        here = Clients.node(REDIS.options(), key -> KeysetSettings.DEFAULT);
        there = Clients.node(REDIS.options(), key -> KeysetSettings.DEFAULT);
    }

    @AfterEach
    void stopNodes() {
        here.close();
        there.close();
    }

    @Test
    void events_ofOneNodeAreReadAtTheOther() {
        try (RecordingReader reader = new RecordingReader(here.events(), EventStream.FROM_NOW)) {
            // Recording begins a moment after the first reader is there.
            await().atMost(PATIENCE).until(here::isIdle);
            get(Clients.beat(there, "alice", "room", 60));
            get(Clients.beat(here, "bob", "room", 60));
            get(Clients.leave(there, "alice", "room"));

            reader.reads("room: join alice 1 heartbeat", "room: join bob 2 heartbeat", "room: leave alice 1 explicit");
        }
    }

    private static long followersOfTheLog() {
        String log = new Names(RedisOptions.DEFAULT_PREFIX, 1).log(0);
        long[] followers = {0};
        REDIS.server().with(redis -> followers[0] = redis.pubsubShardNumsub(log).get(log));
        return followers[0];
    }

    @Test
    void events_thatComeWhileTheLogIsReadAreAllReadThoughFewMayWait() {
        State large = State.ofJson("{\"text\":\"" + "x".repeat(30_000) + "\"}");
        try (FaultyProxy proxy = new FaultyProxy(REDIS.server().port());
                RedisEngine slow = Clients.node(
                        RedisOptions.of(proxy.url()).withCommandTimeout(Duration.ofSeconds(30)),
                        key -> KeysetSettings.DEFAULT)) {
            // The log is followed, and the answer to the first reading of it is on its way.
            proxy.holdAnswers(true);
            try (RecordingReader reader = new RecordingReader(slow.events(), EventStream.FROM_NOW)) {
                await().atMost(PATIENCE).until(() -> followersOfTheLog() == 1);
                List<String> expected = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    UserId user = new UserId("u" + i);
                    get(there.heartbeat(
                            new Heartbeat(KEY, user, Targets.of(new Channel("room")), 60, Map.of("room", large))));
                    expected.add("room: join u" + i + " " + (i + 1) + " heartbeat " + large);
                }
                proxy.holdAnswers(false);
                reader.reads(expected.toArray(String[]::new));
            }
        }
    }

    @Test
    void ban_isHeededByBothNodes() {
        RecordingClient alice = new RecordingClient(there, KEY, ALICE).subscribes("room");
        await().atMost(PATIENCE).until(() -> Clients.occupancy(there, "room") == 1);

        get(here.kicks().kick(new Kick(KEY, ALICE, List.of(), Duration.ofMinutes(10), null)));

        assertThat(alice.isRefused().code()).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(Clients.refusal(Clients.beat(here, "alice", "room", 60))).isEqualTo(ErrorCode.FORBIDDEN);
        await().atMost(PATIENCE)
                .until(() -> Clients.refusal(Clients.beat(there, "alice", "room", 60)) == ErrorCode.FORBIDDEN);
        await().atMost(PATIENCE).until(() -> Clients.occupancy(there, "room") == 0);
        assertThat(there.kicks().ban(KEY, ALICE)).isPresent();

        get(there.kicks().readmit(KEY, ALICE));

        await().atMost(PATIENCE).until(() -> here.kicks().ban(KEY, ALICE).isEmpty());
        get(Clients.beat(here, "alice", "room", 60));
    }

    /** Puts a user into the room behind the nodes' backs, as one that had not heard of a ban would have. */
    private static void putIntoTheRoom(String user) {
        REDIS.server().with(redis -> {
            long now = Long.parseLong(redis.time().get(0)) * 1000;
            redis.zadd("rollcall:{0}order:demo:room", now * 1000.0, user);
            redis.zadd("rollcall:{0}leases:demo:room", (double) (now + 300_000 - 1577836800000L) * 4096 + 300, user);
        });
    }

    @Test
    void ban_isHeededByRenewalsToo() {
        get(here.kicks().kick(new Kick(KEY, ALICE, List.of(), Duration.ofMinutes(10), null)));
        putIntoTheRoom("alice");
        List<Channel> rooms = List.of(new Channel("room"), new Channel("hall"));

        assertThat(Clients.refusal(Clients.beat(here, "alice", "room", 60))).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(Clients.refusal(
                        here.heartbeat(new Heartbeat(KEY, ALICE, new Targets(rooms, List.of()), 60, Map.of()))))
                .isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    void ban_takesOffInTheEndWhereThatFailsAtFirst() {
        REDIS.server().with(redis -> redis.set("rollcall:{0}leases:demo:room", "not a set"));
        Kick kick = new Kick(KEY, ALICE, List.of(new Channel("room")), Duration.ofMinutes(10), null);
        assertThat(Clients.refusal(here.kicks().kick(kick))).isNotNull();
        REDIS.server().with(redis -> redis.del("rollcall:{0}leases:demo:room"));
        putIntoTheRoom("alice");

        await().atMost(PATIENCE).until(() -> Clients.occupancy(here, "room") == 0);
    }

    @Test
    void ban_isKnownToANodeThatStartsLater() {
        get(here.kicks().kick(new Kick(KEY, ALICE, List.of(), Duration.ofMinutes(10), "spam")));
        try (RedisEngine later = Clients.node(REDIS.options(), key -> KeysetSettings.DEFAULT)) {
            await().atMost(PATIENCE).until(() -> later.kicks().ban(KEY, ALICE).isPresent());
            assertThat(Clients.refusal(Clients.beat(later, "alice", "room", 60)))
                    .isEqualTo(ErrorCode.FORBIDDEN);
        }
    }

    @Test
    void kick_endsPollsAtTheOtherNode() {
        RecordingClient alice = new RecordingClient(there, KEY, ALICE).subscribes("room");
        await().atMost(PATIENCE).until(() -> Clients.occupancy(there, "room") == 1);
        int answers = alice.answers();

        get(here.kicks().kick(new Kick(KEY, ALICE, List.of(), Duration.ZERO, null)));

        alice.getsAnswers(answers + 1);
    }

    @Test
    void explanation_namesTheNodeThatDoesNotHaveThePoll() {
        new RecordingClient(there, KEY, ALICE).subscribes("room");
        await().atMost(PATIENCE).until(() -> Clients.occupancy(here, "room") == 1);

        Explanation explanation = get(here.explainer().explain(KEY, new Channel("room"), ALICE));

        assertThat(explanation.isOnline()).isTrue();
        assertThat(explanation.verdict(List.of())).anyMatch(text -> text.startsWith("No open poll on this node ("));
        await().atMost(PATIENCE)
                .until(() -> get(there.explainer().explain(KEY, new Channel("room"), ALICE))
                                .polls()
                                .size()
                        == 1);
    }

    @Test
    void polls_ofOneUserAmongManyAreFoundCountedAndEnded() {
        int many = 2 * Turns.AT_ONCE + 10;
        List<RecordingClient> all = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            all.add(new RecordingClient(here, KEY, i % 2 == 0 ? ALICE : new UserId("user-" + i)).subscribes("room"));
        }
        Channel room = new Channel("room");
        await().atMost(PATIENCE)
                .until(() -> get(here.directory().channel(KEY, room)).polls() == many);
        assertThat(get(here.directory().channel(KEY, room)).watchers()).isZero();
        assertThat(get(here.directory().users(KEY, new PageQuery("user-", null, 1000)))
                        .items())
                .hasSize(many / 2);
        assertThat(get(here.directory().polls(KEY, ALICE)).items()).hasSize(100);

        assertThat(get(here.kicks().kick(new Kick(KEY, ALICE, List.of(), Duration.ofMinutes(10), null)))
                        .polls())
                .isEqualTo(many / 2);

        for (int i = 0; i < many; i += 2) {
            assertThat(all.get(i).isRefused().code()).isEqualTo(ErrorCode.FORBIDDEN);
        }
        await().atMost(PATIENCE)
                .until(() -> get(here.directory().channel(KEY, room)).polls() == many / 2);
    }

    @Test
    void group_ofManyPollsThatChangesAnswersAllOfThem() {
        ChannelGroup group = new ChannelGroup("g");
        get(here.addToGroup(KEY, group, List.of(new Channel("a"))));
        List<RecordingClient> all = new ArrayList<>();
        for (int i = 0; i < Turns.AT_ONCE + 10; i++) {
            all.add(new RecordingClient(here, KEY, null).subscribesGroups("g"));
        }
        await().atMost(PATIENCE).until(here::isIdle);
        get(there.addToGroup(KEY, group, List.of(new Channel("b"))));
        all.forEach(client -> client.getsAnswers(2));

        get(Clients.post(there, "b", "hello"));

        all.forEach(client -> Clients.hears(client, "message \"hello\""));
    }

    @Test
    void ban_thatANodeOfTheVersionBeforeNotesIsHeededToo() {
        get(here.kicks().kick(new Kick(KEY, new UserId("bob"), List.of(), Duration.ofMinutes(10), null)));
        REDIS.server().with(redis -> {
            // It knows of no list of changes.
            long now = Long.parseLong(redis.time().get(0)) * 1000;
            redis.hset("rollcall:{0}kicks", "demo:alice", (now + 600_000) + " " + now + " b 0:");
            redis.hdel("rollcall:{0}kicks", "demo:bob");
            redis.set("rollcall:{0}kicks-version", (now + 10_000) + "000");
        });
        await().atMost(PATIENCE).until(() -> here.kicks().ban(KEY, ALICE).isPresent());
        await().atMost(PATIENCE)
                .until(() -> there.kicks().ban(KEY, new UserId("bob")).isEmpty());

        get(there.kicks().kick(new Kick(KEY, new UserId("carol"), List.of(), Duration.ofMinutes(10), null)));
        get(there.kicks().readmit(KEY, ALICE));

        await().atMost(PATIENCE).until(() -> here.kicks().ban(KEY, ALICE).isEmpty());
        assertThat(here.kicks().ban(KEY, new UserId("carol"))).isPresent();
    }

    @Test
    void kicks_areToldAsChangesToWhoeverKnowsTheRest() {
        try (Link link = Link.open(REDIS.options().link(), new NewsDesk(Runnable::run))) {
            Scripts scripts = new Scripts(link, ScriptListener.NONE, 1, null);
            Names names = new Names(RedisOptions.DEFAULT_PREFIX, 1);
            String known = "";
            int many = 1500;
            for (int i = 0; i < many; i++) {
                Reply reply = get(scripts.list(
                        Script.KICK, names.kick(), known, "other:u" + i, Long.MAX_VALUE / 4096 + " 0 b 0:", "10000"));
                if (i > 0) {
                    // Its own change and nothing else.
                    assertThat(reply.number(1)).isZero();
                    assertThat(reply.size()).isEqualTo(4);
                    assertThat(reply.text(2)).isEqualTo("other:u" + i);
                }
                known = reply.text(0);
            }
            Reply removed = get(scripts.list(Script.KICK, names.kick(), known, "other:u7", "", "10000"));
            assertThat(removed.text(2)).isEqualTo("other:u7");
            assertThat(removed.text(3)).isEmpty();
            Reply whole = get(scripts.list(Script.KICK, names.kick(), "", "", "", "10000"));
            assertThat(whole.number(1)).isEqualTo(1);
            assertThat(whole.size()).isEqualTo(2 + 2 * (many - 1));
            // Whoever knows what was before all that is written down is told everything.
            assertThat(get(scripts.list(Script.KICK, names.kick(), "1", "", "", "10000"))
                            .number(1))
                    .isEqualTo(1);
            REDIS.server()
                    .with(redis ->
                            assertThat(redis.zcard("rollcall:{0}kicks-changes")).isLessThanOrEqualTo(1001));
        }
    }

    @Test
    void nodes_knowOfEachOther_andForgetWhoCloses() {
        assertThat(get(here.directory().nodes())).isEmpty();
        here.announce("1.0", () -> 3);
        there.announce("1.1 and what comes later", () -> 4);
        new RecordingClient(there, KEY, ALICE).subscribes("room");
        REDIS.server().with(redis -> {
            redis.hset("rollcall:{0}nodes", "odd", "what?");
            redis.zadd("rollcall:{0}nodes-seen", Long.parseLong(redis.time().get(0)) * 1000.0, "odd");
        });
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(get(here.directory().nodes()))
                        .extracting(NodeView::isSelf, NodeView::version, NodeView::polls, NodeView::connections)
                        .containsExactly(tuple(true, "1.0", 0L, 3L), tuple(false, "1.1", 1L, 4L)));

        there.close();

        assertThat(get(here.directory().nodes())).hasSize(1);
        here.close();
        REDIS.server()
                .with(redis -> assertThat(redis.hkeys("rollcall:{0}nodes")).doesNotContain("1.0"));
    }
}

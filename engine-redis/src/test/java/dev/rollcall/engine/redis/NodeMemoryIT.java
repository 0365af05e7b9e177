package dev.rollcall.engine.redis;

import static dev.rollcall.engine.redis.Clients.KEY;
import static dev.rollcall.engine.redis.Clients.PATIENCE;
import static dev.rollcall.engine.redis.Clients.beat;
import static dev.rollcall.engine.redis.Clients.get;
import static dev.rollcall.engine.redis.Clients.hears;
import static dev.rollcall.engine.redis.Clients.post;
import static dev.rollcall.engine.redis.Clients.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.contract.RecordingClient;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a node holds for its clients, whose presence is in Redis, has a bound, and is given back. */
class NodeMemoryIT {
    private static final long BUDGET = 512 * 1024;

    @RegisterExtension
    static final RedisServerExtension REDIS = new RedisServerExtension();

    private final MemoryBudget memory = new MemoryBudget(BUDGET);
    private final Queue<ProtocolException> refusals = new ConcurrentLinkedQueue<>();
    private RedisEngine node;

    @BeforeEach
    void start() {
        node = Clients.node(REDIS.options().withMemory(memory), key -> KeysetSettings.DEFAULT);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private Poll poll(List<String> channels) {
        return poll(channels, List.of());
    }

    private Poll poll(List<String> channels, List<String> groups) {
        var listener = new PollListener() {
            @Override
            public void onAnswer(Answer answer) {}

            @Override
            public void onFailure(ProtocolException refusal) {
                refusals.add(refusal);
            }
        };
        List<Channel> named = channels.stream().map(Channel::new).toList();
        List<ChannelGroup> namedGroups = groups.stream().map(ChannelGroup::new).toList();
        return node.subscribe(new Subscribe(KEY, null, named, namedGroups, 10, 0, Map.of(), null), listener);
    }

    @Test
    void polls_haveABoundAndAreTakenOffWhenTheyEnd() {
        RecordingClient friend = new RecordingClient(node, KEY, null).subscribes("room");
        List<Poll> polls = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            polls.add(poll(List.of("r" + i)));
        }
        await().atMost(PATIENCE).until(() -> !refusals.isEmpty());

        assertThat(refusals).allMatch(refusal -> refusal.code() == ErrorCode.UNAVAILABLE);
        assertThat(refusals.peek()).hasMessageContaining("memory-budget: no room for more ");
        assertThat(memory.used(MemoryKind.POLLS)).isLessThanOrEqualTo(memory.limit(MemoryKind.POLLS) + memory.slack());
        assertThat(memory.used(MemoryKind.FEEDS)).isLessThanOrEqualTo(memory.limit(MemoryKind.FEEDS) + memory.slack());
        succeeds(() -> beat(node, "alice", "room", 300));
        succeeds(() -> post(node, "room", "hello"));
        hears(friend, "message \"hello\"");

        friend.pauses();
        polls.forEach(Poll::cancel);
        await().atMost(PATIENCE).until(() -> memory.used(MemoryKind.POLLS) == 0);
        // Feeds nobody waits for go as soon as they are too many.
        await().atMost(PATIENCE)
                .until(() ->
                        memory.used(MemoryKind.FEEDS) <= memory.limit(MemoryKind.FEEDS) * 85 / 100 + memory.slack());
    }

    @Test
    void polls_throughGroupsAreCountedWithTheChannelsTheseStandFor() {
        List<Channel> members =
                IntStream.range(0, 50).mapToObj(i -> new Channel("m" + i)).toList();
        get(node.addToGroup(KEY, new ChannelGroup("g"), members));
        List<Poll> polls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            polls.add(poll(List.of(), List.of("g")));
        }
        await().atMost(PATIENCE).until(() -> !refusals.isEmpty());

        assertThat(refusals).allMatch(refusal -> refusal.code() == ErrorCode.UNAVAILABLE);
        assertThat(refusals.peek()).hasMessageContaining("memory-budget: no room for more polls");
        await().atMost(PATIENCE).until(node::isIdle);
        RecordingClient friend = new RecordingClient(node, KEY, null).subscribes("m0");
        succeeds(() -> post(node, "m0", "hello"));
        hears(friend, "message \"hello\"");

        friend.pauses();
        polls.forEach(Poll::cancel);
        await().atMost(PATIENCE).until(() -> memory.used(MemoryKind.POLLS) == 0);
    }

    @Test
    void groups_thatPollsNameHaveABoundAndGoWhenThereIsLittleRoom() {
        for (int round = 0; round < 10; round++) {
            List<Poll> polls = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                polls.add(poll(List.of(), List.of("g" + round + "-" + i)));
            }
            await().atMost(PATIENCE).until(node::isIdle);
            if (round == 0) {
                assertThat(memory.used(MemoryKind.FEEDS)).isGreaterThanOrEqualTo(40 * Feed.TOPIC);
            }
            polls.forEach(Poll::cancel);
        }
        await().atMost(PATIENCE).until(node::isIdle);

        assertThat(memory.used(MemoryKind.FEEDS)).isLessThanOrEqualTo(memory.limit(MemoryKind.FEEDS) + memory.slack());
        await().atMost(PATIENCE)
                .until(() ->
                        memory.used(MemoryKind.FEEDS) <= memory.limit(MemoryKind.FEEDS) * 85 / 100 + memory.slack());
        assertThat(refusals).allMatch(refusal -> refusal.code() == ErrorCode.UNAVAILABLE);
    }

    @Test
    void keysets_thatRequestsNameHaveABound() {
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            try {
                node.state(new SubscribeKey("k" + i), new UserId("alice"), Targets.of(new Channel("room")));
            } catch (ProtocolException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                refused++;
            }
        }
        assertThat(refused).isPositive();
        assertThat(memory.used(MemoryKind.LEASES))
                .isPositive()
                .isLessThanOrEqualTo(memory.limit(MemoryKind.LEASES) + memory.slack());
        node.state(new SubscribeKey("k0"), new UserId("alice"), Targets.of(new Channel("room")));
    }

    @Test
    void largePolls_leaveRoomForSmallOnes() {
        List<String> many = IntStream.range(0, 500).mapToObj(i -> "c" + i).toList();
        poll(many);
        await().atMost(PATIENCE).until(() -> refusals.size() == 1);
        RecordingClient friend = new RecordingClient(node, KEY, null).subscribes("room");
        succeeds(() -> post(node, "room", "hello"));
        hears(friend, "message \"hello\"");
    }

    @Test
    void messages_haveABoundAndTheNewestArrive() {
        RecordingClient friend = new RecordingClient(node, KEY, null).subscribes("room");
        String text = "x".repeat(20_000);
        for (int i = 0; i < 60; i++) {
            String numbered = i + text;
            succeeds(() -> post(node, "room", numbered));
            hears(friend, "message \"" + numbered + '"');
            assertThat(memory.used(MemoryKind.MESSAGES))
                    .isLessThanOrEqualTo(memory.limit(MemoryKind.MESSAGES) + memory.slack());
        }
        assertThat(memory.forgotten(MemoryKind.MESSAGES)).isPositive();
    }
}

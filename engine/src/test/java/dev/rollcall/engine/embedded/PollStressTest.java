package dev.rollcall.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Engine;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.Leave;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.contract.Settings;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Real threads: publishers against polls that wait in one shard and in all, through groups and wildcards, while polls are dropped and sent
 * again and people come and go. Every client gets each message once for each of its subscriptions that match, in order.
 */
class PollStressTest {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final int CHANNELS = 300;
    private static final int ROUNDS = 60;
    private static final int PUBLISHERS = 3;

    /** Fewer in a round than a feed keeps, so that nobody can miss any. */
    private static final int MESSAGES = 20;

    private final EmbeddedFixture fixture =
            new EmbeddedFixture(key -> Settings.settings().leaveOnDisconnect().build(), new EngineListener() {});
    private final Engine engine = fixture.engine();
    private final ExecutorService threads = Executors.newFixedThreadPool(PUBLISHERS + 5);
    private final List<StressClient> clients = new ArrayList<>();

    @AfterEach
    void close() {
        clients.forEach(StressClient::stop);
        threads.shutdownNow();
        fixture.close();
    }

    @Test
    void messages_underConcurrencyAreDeliveredOnceAndInOrder() throws Exception {
        List<Channel> all = IntStream.range(0, CHANNELS)
                .mapToObj(i -> new Channel(i % 3 == 0 ? "a.b.room" + i : i % 3 == 1 ? "a.room" + i : "room" + i))
                .toList();
        List<Channel> some = all.subList(0, 12);
        ChannelGroup group = new ChannelGroup("g");
        engine.addToGroup(KEY, group, all.subList(0, 100));
        for (int i = 0; i < 4; i++) {
            client("single" + i, i, List.of(some.get(i)), List.of(), only(some.get(i)));
            client("few" + i, i, some, List.of(), in(some));
        }
        client("all", 9, all, List.of(), in(all));
        client("group", 9, List.of(), List.of(group), in(all.subList(0, 100)));
        client(
                "both",
                10,
                some,
                List.of(group),
                name -> in(some).applyAsInt(name) + in(all.subList(0, 100)).applyAsInt(name));
        client("wild", 11, List.of(new Channel("a.*")), List.of(), name -> name.startsWith("a.") ? 1 : 0);
        client(
                "wilder",
                12,
                List.of(new Channel("a.*"), new Channel("a.b.*"), all.get(3), all.get(2)),
                List.of(),
                name -> (name.startsWith("a.") ? 1 : 0)
                        + (name.startsWith("a.b.") ? 1 : 0)
                        + only(all.get(3)).applyAsInt(name)
                        + only(all.get(2)).applyAsInt(name));
        clients.forEach(StressClient::send);

        for (int round = 0; round < ROUNDS; round++) {
            Map<Long, String> published = round(round, all, some);
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(1))
                    .untilAsserted(() -> assertThat(clients.stream().map(client -> client.missing(published)))
                            .as("missing in round")
                            .containsOnlyNulls());
            clients.forEach(StressClient::forget);
            fixture.jump(Duration.ofSeconds(1));
        }
        assertThat(clients).extracting(StressClient::fault).containsOnlyNulls();
    }

    @Test
    void poll_endedByManyAtOnceEndsOnce() throws Exception {
        ChannelGroup group = new ChannelGroup("g");
        for (int round = 0; round < 1_500; round++) {
            Channel channel = new Channel("room" + round % 40);
            AtomicInteger answers = new AtomicInteger();
            AtomicLong cursor = new AtomicLong();
            List<Channel> channels = round % 2 == 0 ? List.of(channel) : List.of(channel, new Channel("other"));
            List<ChannelGroup> groups = round % 3 == 0 ? List.of(group) : List.of();
            engine.subscribe(new Subscribe(KEY, null, channels, groups, 0, 0, Map.of(), null), new PollEnd(cursor));
            Poll poll = engine.subscribe(
                    new Subscribe(KEY, null, channels, groups, cursor.get(), 0, Map.of(), null), counting(answers));
            boolean cancels = round % 5 == 0;
            List<Channel> member = List.of(new Channel("member" + round));
            List<Callable<Void>> work = List.of(
                    () -> {
                        engine.publish(
                                KEY,
                                channel,
                                new Publication(MessageType.MESSAGE, new byte[] {'1'}, null, null, 0, null));
                        return null;
                    },
                    () -> {
                        if (cancels) {
                            poll.cancel();
                        } else {
                            poll.release();
                        }
                        return null;
                    },
                    () -> {
                        engine.addToGroup(KEY, group, member);
                        engine.removeFromGroup(KEY, group, member);
                        return null;
                    });
            for (Future<Void> done : threads.invokeAll(work)) {
                done.get();
            }
            assertThat(answers.get()).as("answers in round %s", round).isBetween(cancels ? 0 : 1, 1);
        }
        assertThat(engine.counts().polls()).isZero();
        assertThat(engine.counts().groups()).isZero();
    }

    private static PollListener counting(AtomicInteger answers) {
        return new PollListener() {
            @Override
            public void onAnswer(Answer answer) {
                answers.incrementAndGet();
            }

            @Override
            public void onFailure(ProtocolException failure) {
                throw new AssertionError(failure);
            }
        };
    }

    private Map<Long, String> round(int round, List<Channel> all, List<Channel> some) throws Exception {
        Map<Long, String> published = new ConcurrentHashMap<>();
        List<Callable<Void>> work = new ArrayList<>();
        for (int publisher = 0; publisher < PUBLISHERS; publisher++) {
            SplittableRandom random = new SplittableRandom(round * 100L + publisher);
            work.add(() -> {
                for (int i = 0; i < MESSAGES; i++) {
                    Channel channel =
                            random.nextInt(3) == 0 ? all.get(random.nextInt(CHANNELS)) : some.get(random.nextInt(12));
                    Publication one = new Publication(MessageType.MESSAGE, new byte[] {'1'}, null, null, 0, null);
                    long timetoken = engine.publish(KEY, channel, one)
                            .toCompletableFuture()
                            .join();
                    published.put(timetoken, channel.name());
                }
                return null;
            });
        }
        SplittableRandom random = new SplittableRandom(-round);
        work.add(() -> {
            for (int i = 0; i < 40; i++) {
                clients.get(random.nextInt(clients.size())).disturb(random.nextBoolean());
            }
            return null;
        });
        SplittableRandom people = new SplittableRandom(round * 7L);
        work.add(() -> {
            for (int i = 0; i < 10; i++) {
                UserId user = new UserId("guest" + people.nextInt(5));
                Targets where = Targets.of(new Channel("lounge" + people.nextInt(3)));
                engine.heartbeat(new Heartbeat(KEY, user, where, 0, Map.of()));
                engine.leave(new Leave(KEY, user, where));
                fixture.settle();
            }
            return null;
        });
        for (Future<Void> done : threads.invokeAll(work)) {
            done.get();
        }
        return published;
    }

    private void client(
            String name, int user, List<Channel> channels, List<ChannelGroup> groups, ToIntFunction<String> matches) {
        clients.add(new StressClient(name, engine, KEY, new UserId("user" + user), channels, groups, threads, matches));
    }

    private static ToIntFunction<String> only(Channel channel) {
        return name -> name.equals(channel.name()) ? 1 : 0;
    }

    private static ToIntFunction<String> in(List<Channel> channels) {
        return name -> channels.contains(new Channel(name)) ? 1 : 0;
    }
}

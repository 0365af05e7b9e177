package dev.rollcall.engine.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.EngineCounts;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Leave;
import dev.rollcall.engine.MessageFilter;
import dev.rollcall.engine.SetState;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.engine.contract.Settings;
import dev.rollcall.engine.embedded.group.GroupStore;
import dev.rollcall.engine.embedded.lock.RankedLock;
import dev.rollcall.engine.embedded.roster.Shard;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Everything at once from many threads: joins, leaves, states, publishes, polls that are answered, dropped and cut, edits of groups,
 * the clock, snapshots, changes of settings, on wildcards and groups within one another, while listeners and filters throw. Locks are
 * taken in order all along (tests run with assertions), nobody waits for ever, and what has to hold holds.
 */
class EngineStressTest {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final EngineCounts NOTHING = new EngineCounts(0, 0, 0, 0, 0, 0, 0, 0);
    private static final int CLIENTS = 14;
    private static final int THREADS = 6;
    private static final int ROUNDS = 12;
    private static final int STEPS = 120;
    private static final int USERS = 10;

    private static final List<String> CHANNELS =
            List.of("a.x", "a.b.x", "a.b.y", "a.b.c.x", "a.b.c.d.x", "a.c.x", "b.x", "b.c.x", "x", "y", "a.b.*", "a.*");
    private static final List<String> WILDCARDS =
            List.of("a.*", "a.b.*", "a.b.c.*", "a.b.c.d.*", "a.c.*", "b.*", "b.c.*", "a.*-pnpres", "a.b.*-pnpres");
    private static final List<String> GROUPS = List.of("g", "h", "i");

    private final LoggedErrors errors = LoggedErrors.collect();
    private final ManualTime time = new ManualTime();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger thrown = new AtomicInteger();
    private final AtomicLong calls = new AtomicLong();
    private final PresenceBook book = new PresenceBook(faults::add);
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final List<ChaosClient> clients = new ArrayList<>();
    private volatile boolean isCalm;
    private volatile KeysetSettings settings = settings(0);
    private EmbeddedEngine engine;

    @AfterEach
    void close() {
        threads.shutdownNow();
        errors.ignore();
    }

    private static KeysetSettings settings(int kind) {
        Settings settings = Settings.settings().debounce(Duration.ofMillis(kind % 2 == 0 ? 0 : 500));
        if (kind % 3 != 2) {
            settings.leaveOnDisconnect();
        }
        if (kind % 4 == 1) {
            settings.announceMax(2).deltas();
        }
        return settings.activeNotices("notices")
                .presenceTimeout(Duration.ofSeconds(20))
                .build();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void anything_atOnceHoldsWhatHasToHold(long seed) throws Exception {
        boolean hasHelper = seed % 2 == 0;
        ExecutorService helper = Executors.newSingleThreadExecutor();
        engine = new EmbeddedEngine(key -> settings, time, new Watcher(), GroupStore.NONE, hasHelper ? helper : null);
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(client(i, new SplittableRandom(seed * 1_000 + i)));
        }
        Watchdog.await(threads, List.of(() -> {
            clients.forEach(ChaosClient::send);
            return null;
        }));

        for (int round = 0; round < ROUNDS; round++) {
            int number = round;
            List<Callable<Void>> work = new ArrayList<>();
            for (int thread = 0; thread < THREADS - 2; thread++) {
                SplittableRandom random = new SplittableRandom(seed * 100_000 + round * 100L + thread);
                work.add(() -> {
                    for (int step = 0; step < STEPS; step++) {
                        step(random);
                    }
                    return null;
                });
            }
            work.add(() -> {
                for (int tick = 0; tick < 40; tick++) {
                    time.advance(Duration.ofMillis(100));
                    engine.advance();
                }
                return null;
            });
            work.add(() -> {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                engine.writeSnapshot(out, Duration.ZERO);
                new EmbeddedEngine(key -> settings, time, new EngineListener() {})
                        .restore(new ByteArrayInputStream(out.toByteArray()), Duration.ZERO);
                settings = settings(number);
                engine.reconfigure();
                engine.counts();
                return null;
            });
            Watchdog.await(threads, work);
        }

        isCalm = true;
        // Whoever still waits for an answer on another thread gets it.
        Watchdog.await(threads, List.of(() -> {
            clients.forEach(ChaosClient::rest);
            return null;
        }));
        helper.shutdown();
        Watchdog.await(threads, List.of(() -> {
            helper.awaitTermination(1, TimeUnit.DAYS);
            return null;
        }));
        assertThat(faults).isEmpty();
        assertThat(clients).extracting(ChaosClient::fault).containsOnlyNulls();
        assertThat(failures.get()).as("failures counted").isEqualTo(thrown.get());
        assertThat(thrown.get()).as("listeners and filters that threw").isPositive();
        assertThat(errors.errors()).allMatch(error -> error.contains("on purpose"));
        assertThat(book.present()).isEqualTo((int) engine.counts().occupants());
        assertThat(engine.counts().polls())
                .isEqualTo(clients.stream().filter(ChaosClient::isWaiting).count());

        clients.forEach(ChaosClient::stop);
        assertThat(engine.counts().polls()).isZero();
        GROUPS.forEach(group -> engine.deleteGroup(KEY, new ChannelGroup(group)));
        for (int minute = 0; minute < 90; minute++) {
            time.advance(Duration.ofMinutes(1));
            while (engine.advance()) {
                // More is due.
            }
        }
        assertThat(engine.counts()).as("what is left of %s", remembered()).isEqualTo(NOTHING);
        assertThat(book.present()).isZero();
        assertThat(faults).isEmpty();
    }

    private List<String> remembered() {
        List<String> remembered = new ArrayList<>();
        for (Shard shard : engine.shards().all()) {
            shard.enter();
            try {
                shard.absences
                        .all()
                        .forEach(absence -> remembered.add(absence + " polls=" + absence.polls + " scheduled="
                                + absence.isScheduled() + " left=" + absence.left));
            } finally {
                shard.exit();
            }
        }
        return remembered;
    }

    private ChaosClient client(int number, SplittableRandom random) {
        List<Channel> channels = new ArrayList<>();
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            List<String> from = random.nextInt(3) == 0 ? CHANNELS : WILDCARDS;
            String name = from.get(random.nextInt(from.size()));
            channels.add(new Channel(name));
            if (random.nextBoolean() && !name.endsWith("-pnpres")) {
                channels.add(new Channel(name + "-pnpres"));
            }
        }
        List<ChannelGroup> groups =
                random.nextInt(3) == 0 ? List.of(new ChannelGroup("g"), new ChannelGroup("h-pnpres")) : List.of();
        UserId user = number % 5 == 4 ? null : new UserId("user" + number % USERS);
        MessageFilter filter = number % 4 == 3
                ? message -> {
                    throwSometimes(997);
                    return true;
                }
                : null;
        return new ChaosClient(engine, KEY, user, channels, groups, filter, () -> throwSometimes(23));
    }

    /** Throws at one call of so many, an exception or an error. Also holds that it is called under no lock. */
    private void throwSometimes(int seldom) {
        if (!RankedLock.isNoneHeld()) {
            faults.add("called with a lock held");
        }
        long call = calls.incrementAndGet();
        if (isCalm || call % seldom != 7) {
            return;
        }
        thrown.incrementAndGet();
        if (call % 2 == 0) {
            throw new IllegalStateException("on purpose");
        }
        throw new AssertionError("on purpose");
    }

    private void step(SplittableRandom random) {
        UserId user = new UserId("user" + random.nextInt(USERS));
        Channel channel = new Channel(CHANNELS.get(random.nextInt(CHANNELS.size())));
        ChannelGroup group = new ChannelGroup(GROUPS.get(random.nextInt(GROUPS.size())));
        Targets here = random.nextInt(4) == 0 ? new Targets(List.of(), List.of(group)) : Targets.of(channel);
        ChaosClient client = clients.get(random.nextInt(CLIENTS));
        switch (random.nextInt(14)) {
            case 0, 1, 2 -> engine.heartbeat(new Heartbeat(KEY, user, here, 1 + random.nextInt(30), Map.of()));
            case 3, 4 -> engine.leave(new Leave(KEY, user, here));
            case 5 -> engine.setState(new SetState(KEY, user, here, State.ofJson("{\"n\":" + random.nextInt(3) + "}")));
            case 6, 7, 8 ->
                engine.publish(
                        KEY, channel, new Publication(MessageType.MESSAGE, new byte[] {'1'}, null, user, 0, null));
            case 9 -> engine.addToGroup(KEY, group, List.of(channel));
            case 10 -> engine.removeFromGroup(KEY, group, List.of(channel));
            case 11 -> client.disconnect();
            case 12 -> client.disturb(random.nextBoolean());
            default ->
                engine.hereNow(new HereNowQuery(
                        KEY, random.nextBoolean() ? Targets.NONE : here, true, 1000, random.nextInt(3)));
        }
    }

    /** Keeps book of who is where by what the engine says, in the order in which it says it. */
    private final class Watcher implements EngineListener {
        @Override
        public void onPresence(SubscribeKey key, Channel channel, PresenceEvent event) {
            book.enter(channel, event);
            throwSometimes(23);
        }

        @Override
        public void onFailure(Throwable failure) {
            if (!RankedLock.isNoneHeld()) {
                faults.add("told of a failure with a lock held");
            }
            failures.incrementAndGet();
        }
    }

    /** Who is present, by channel and user. */
    private static final class PresenceBook {
        private final Map<Channel, Map<UserId, Boolean>> present = new ConcurrentHashMap<>();
        private final Consumer<String> faults;

        PresenceBook(Consumer<String> faults) {
            this.faults = faults;
        }

        void enter(Channel channel, PresenceEvent event) {
            Map<UserId, Boolean> here = present.computeIfAbsent(channel, name -> new ConcurrentHashMap<>());
            if (event instanceof PresenceEvent.Join join) {
                check(here.put(join.user(), true) == null, channel, "joined twice", event);
            } else if (event instanceof PresenceEvent.Leave leave) {
                check(here.remove(leave.user()) != null, channel, "left twice", event);
            } else if (event instanceof PresenceEvent.Timeout timeout) {
                check(here.remove(timeout.user()) != null, channel, "timed out twice", event);
            }
            check(here.size() == event.occupancy(), channel, "occupancy " + here.size(), event);
        }

        private void check(boolean holds, Channel channel, String what, PresenceEvent event) {
            if (!holds) {
                faults.accept(channel + ": " + what + " by " + event);
            }
        }

        int present() {
            return present.values().stream().mapToInt(Map::size).sum();
        }
    }
}

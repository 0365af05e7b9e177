package dev.rollcall.engine.redis;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Engine;
import dev.rollcall.engine.EngineCounts;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.Keysets;
import dev.rollcall.engine.Leave;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.RosterPage;
import dev.rollcall.engine.SetState;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.engine.directory.Directory;
import dev.rollcall.engine.events.EventLog;
import dev.rollcall.engine.events.EventStream;
import dev.rollcall.engine.explain.Explainer;
import dev.rollcall.engine.kick.BanTable;
import dev.rollcall.engine.kick.Kicks;
import dev.rollcall.engine.redis.link.Link;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.Timetoken;
import dev.rollcall.protocol.UserId;
import io.lettuce.core.RedisException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine whose state is in Redis. Stages complete on the threads of the Redis client; polls are answered on a thread of this engine.
 * Starts both, and one more that lets time pass, and stops them when it is closed.
 */
public final class RedisEngine implements Engine {
    private static final Logger log = LoggerFactory.getLogger(RedisEngine.class);
    private static final String THREADS = "redis";

    /** How long a node that closes waits to have told that it goes. */
    private static final long LEAVE_MILLIS = 500;

    private static final State NO_STATE = State.ofJson("{}");

    /** How many channels that are no longer tracked are emptied at once. */
    private static final int DROPS_AT_ONCE = 8;

    private final KnownKeysets keysets;
    private final EngineTime time;
    private final Names names;
    private final Link link;
    private final Scripts scripts;
    private final UserIndex users;
    private final Rosters rosters;
    private final Groups groups;
    private final Presence presence;
    private final SignsOfLife signs = new SignsOfLife();
    private final Publisher publisher;
    private final Hub hub;
    private final Handshakes handshakes;
    private final Sweeper sweeper;
    private final Census census;
    private final Capacity capacity;
    private final NodeThreads threads;
    private final SharedLog events;
    private final SharedKicks kicks;
    private final RedisExplainer explainer;
    private final RedisDirectory directory;
    private final ServiceNodes nodes;
    private final RedisClock clock;
    private final RedisHealth health;
    private volatile EngineCounts counted = new EngineCounts(0, 0, 0, 0, 0, 0, 0, 0);
    private volatile boolean closed;

    /**
     * Connects, and starts to take part in the work.
     *
     * @param options where Redis is
     * @param settings where the settings of keysets come from
     * @param time the clocks of this node; leases and timetokens go by that of Redis
     * @param listener watches what happens
     * @param scriptListener watches the calls of scripts
     * @param daemons has the threads of the engine
     * @throws UncheckedIOException if Redis cannot be reached
     * @throws IllegalArgumentException if the URL cannot be read
     */
    public static RedisEngine start(
            RedisOptions options,
            Keysets settings,
            EngineTime time,
            EngineListener listener,
            ScriptListener scriptListener,
            Daemons daemons) {
        RedisEngine engine;
        try {
            NodeThreads threads = new NodeThreads(daemons, THREADS, time);
            engine = new RedisEngine(options, settings, threads, listener, scriptListener, null);
        } catch (RedisException e) {
            throw NoConnection.because(e);
        }
        engine.census.refresh();
        engine.threads.startClock(options.sweepPeriod(), engine::onTick);
        return engine;
    }

    /** Makes an engine on threads that it closes with itself; with {@code testTime} even Redis goes by that, and no time passes by itself. */
    RedisEngine(
            RedisOptions options,
            Keysets settings,
            NodeThreads threads,
            EngineListener listener,
            ScriptListener scriptListener,
            @Nullable EngineTime testTime) {
        this.threads = threads;
        time = threads.time();
        keysets = new KnownKeysets(settings, time, options.memory());
        names = new Names(options.prefix(), options.partitions(), options.node());
        NewsDesk news = new NewsDesk(threads.hub());
        link = open(options, news);
        scripts = new Scripts(link, scriptListener, options.partitions(), testTime);
        clock = new RedisClock(time);
        capacity = new Capacity(link);
        users = new UserIndex(scripts, names);
        rosters = new Rosters(scripts, names, time);
        groups = new Groups(scripts, names, time, capacity);
        presence = new Presence(scripts, names, listener, users, rosters, capacity);
        Store store = new Store(link, scripts, names, clock, options.memory(), capacity);
        hub = new Hub(threads, store, presence, rosters, groups, signs);
        if (testTime != null) {
            hub.watermarks().askForAll();
        }
        news.deliverTo(hub.topics());
        hub.topics().tellCausesIf(key -> keysets.get(key).settings().causes());
        hub.topics()
                .wildcards()
                .limit(key -> keysets.get(key).settings().limits().wildcards());
        events = new SharedLog(
                new EventLog(
                        time,
                        options.memory(),
                        scripts::heard,
                        failure -> log.error("a reader of events failed", failure)),
                link,
                scripts,
                names,
                time,
                threads.hub());
        news.deliverTo(events);
        handshakes = new Handshakes(presence, groups, scripts, names, hub.topics());
        publisher = new Publisher(scripts, names, capacity, hub.topics(), handshakes);
        presence.tellNoticesTo(publisher);
        Expiry expiry = new Expiry(store, presence, listener, keysets::get);
        sweeper = new Sweeper(store, presence, expiry, users, time, keysets::get, options);
        sweeper.onRestart(partition -> hub.execute(() -> hub.topics().onRestart(partition)));
        census = new Census(scripts, names);
        BanTable bans = new BanTable();
        presence.heed(bans, clock::epochMillis);
        hub.heed(bans, clock::epochMillis);
        PollDesk desk = new PollDesk(hub, threads, clock, options.node());
        kicks = new SharedKicks(store, threads, desk, users, signs, presence, keysets::get, bans);
        explainer = new RedisExplainer(store, options.node(), users, desk, keysets::get, bans);
        nodes = new ServiceNodes(store, options.node(), time, () -> hub.polls().size());
        directory = new RedisDirectory(keysets, store, rosters, groups, users, desk, explainer, nodes);
        news.deliverTo(kicks);
        kicks.follow(link);
        health = new RedisHealth("presence", link, capacity, () -> 0, threads::lagMillis);
    }

    private Link open(RedisOptions options, NewsDesk news) {
        Link opened;
        try {
            opened = Link.open(options.link(), news);
        } catch (RuntimeException e) {
            threads.close();
            throw e;
        }
        try {
            new Probe(opened, names, options.commandTimeout().toMillis()).run();
            return opened;
        } catch (RuntimeException e) {
            threads.close();
            opened.close();
            throw e;
        }
    }

    private void onTick(boolean second) {
        link.maintain();
        sweeper.run();
        hub.execute(hub::tick);
        if (second) {
            hub.execute(this::maintain);
            census.maintain();
            capacity.maintain();
            health.maintain();
        }
    }

    private void maintain() {
        hub.maintain();
        events.maintain();
        kicks.look();
        nodes.maintain();
        keysets.forgetAllBut(hub.keysetsInUse());
    }

    /** Opens and follows again what was lost; for tests, in which no time passes by itself. */
    void repair() {
        link.maintain();
        hub.execute(this::maintain);
    }

    /** Does all that is due; for tests, in which no time passes by itself. */
    CompletableFuture<Void> runDue() {
        link.maintain();
        hub.execute(hub::tick);
        hub.execute(this::maintain);
        return sweeper.runToTheEnd().thenCompose(done -> census.refresh());
    }

    /** Returns whether nothing is on its way; for tests. */
    boolean isIdle() {
        return threads.ask(() -> scripts.running() == 0 && !hub.topics().hasUnread() && !events.isBehind());
    }

    /** Returns a number that changes with everything this node asks of Redis, but for looking what is due; for tests. */
    long effects() {
        return scripts.effects();
    }

    /** Returns the partitions in which something is followed; for tests. */
    List<Integer> followed() {
        return threads.ask(() -> hub.topics().followed());
    }

    /** Returns a timetoken of now in a partition, and has it told on the partition's topic; for tests. */
    CompletableFuture<Long> fence(int partition) {
        return handshakes.fence(partition);
    }

    /** Returns how far a partition is known to be complete; for tests. */
    long known(int partition) {
        return threads.ask(() -> hub.watermarks().known()[partition]);
    }

    /** Returns when this node has something to do next, by its monotonic clock; for tests. */
    long nextMoment() {
        return threads.ask(hub::nextMoment);
    }

    @Override
    public CompletionStage<Void> heartbeat(Heartbeat heartbeat) {
        return edge(signs.sign(heartbeat.key(), heartbeat.user(), () -> count(heartbeat)));
    }

    private CompletableFuture<Void> count(Heartbeat heartbeat) {
        Keyset keyset = keysets.admit(heartbeat.key());
        Map<String, State> states = heartbeat.states();
        UserId user = heartbeat.user();
        int timeout = heartbeat.timeoutSeconds();
        List<Channel> named = heartbeat.targets().channels();
        if (heartbeat.targets().groups().isEmpty() && named.size() == 1) {
            Channel channel = named.get(0);
            return presence.heartbeat(keyset, channel, user, timeout, states.get(channel.name()))
                    .thenApply(outcome -> null);
        }
        if (states.isEmpty()) {
            return groups.expanded(keyset, heartbeat.targets())
                    .thenCompose(channels -> presence.heartbeats(keyset, channels, user, timeout));
        }
        return groups.statesByChannel(keyset, heartbeat)
                .thenCompose(byChannel -> Slices.each(
                        List.copyOf(byChannel.entrySet()),
                        Slices.AT_ONCE,
                        entry -> presence.heartbeat(
                                keyset,
                                entry.getKey(),
                                user,
                                timeout,
                                entry.getValue().orElse(null))));
    }

    @Override
    public CompletionStage<Void> leave(Leave leave) {
        Keyset keyset = keysets.admit(leave.key());
        return edge(signs.departure(
                keyset.key,
                leave.user(),
                () -> forEach(keyset, leave.targets(), channel -> presence.leave(keyset, channel, leave.user()))));
    }

    @Override
    public CompletionStage<Void> setState(SetState setState) {
        Keyset keyset = keysets.admit(setState.key());
        return edge(signs.sign(
                keyset.key,
                setState.user(),
                () -> forEach(
                        keyset,
                        setState.targets(),
                        channel -> presence.setState(keyset, channel, setState.user(), setState.state()))));
    }

    @Override
    public CompletionStage<Map<Channel, State>> state(SubscribeKey key, UserId user, Targets targets) {
        return edge(groups.expanded(keysets.admit(key), targets).thenCompose(channels -> {
            CompletableFuture<List<State>> reads = Slices.map(
                    channels,
                    Slices.AT_ONCE,
                    channel -> rosters.state(key, channel, user).thenApply(state -> state == null ? NO_STATE : state));
            return reads.thenApply(read -> {
                Map<Channel, State> states = new LinkedHashMap<>();
                for (int i = 0; i < read.size(); i++) {
                    states.put(channels.get(i), read.get(i));
                }
                return states;
            });
        }));
    }

    @Override
    public CompletionStage<List<RosterPage>> hereNow(HereNowQuery query) {
        Keyset keyset = keysets.admit(query.key());
        if (query.targets().isEmpty()) {
            return edge(rosters.everywhere(keyset, query));
        }
        return edge(groups.expanded(keyset, query.targets())
                .thenCompose(channels ->
                        Slices.map(channels, Slices.AT_ONCE, channel -> rosters.page(keyset, channel, query))));
    }

    @Override
    public CompletionStage<List<Channel>> whereNow(SubscribeKey key, UserId user) {
        Keyset keyset = keysets.admit(key);
        return edge(users.channels(key, user)
                .thenApply(channels -> channels.stream()
                        .filter(channel -> keyset.isTracked(channel.name()))
                        .toList()));
    }

    @Override
    public Poll subscribe(Subscribe subscribe, PollListener listener) {
        Keyset keyset = keysets.admit(subscribe.key());
        long hold = keyset.settings().pollHold().toMillis();
        ParkedPoll poll = new ParkedPoll(hub, keyset, subscribe, listener, time.monotonicMillis() + hold);
        if (closed || !link.isConnected()) {
            poll.end();
            listener.onFailure(new ProtocolException(ErrorCode.UNAVAILABLE));
        } else if (subscribe.isHandshake()) {
            ProtocolException keptOff = presence.keptOff(poll.keyset, subscribe);
            if (keptOff == null) {
                handshake(poll);
            } else {
                poll.fail(keptOff);
            }
        } else if (subscribe.isFarAheadOf(
                Timetoken.ofEpochMillis(clock.epochMillis()).value())) {
            beginOrHandshake(poll);
        } else {
            begin(poll);
        }
        return poll;
    }

    private void handshake(ParkedPoll poll) {
        asSignOfLife(poll, () -> handshakes.position(poll.keyset, poll.subscribe))
                .whenComplete((position, failure) -> {
                    if (failure == null) {
                        poll.deliver(new Answer(position, List.of()));
                    } else {
                        poll.fail(refusal(failure));
                    }
                });
    }

    private void begin(ParkedPoll poll) {
        try {
            poll.admit();
        } catch (ProtocolException e) {
            poll.end();
            poll.fail(e);
            return;
        }
        boolean hasGroups = !poll.subscribe.groups().isEmpty();
        // Here and now, so that what the same client asks next comes after it.
        var unused = asSignOfLife(poll, () -> {
            hub.execute(() -> hub.begin(poll));
            return hasGroups ? poll.counted : hub.present().signsOfLife(poll, Interest.of(poll.subscribe, Map.of()));
        });
    }

    private <T> CompletableFuture<T> asSignOfLife(ParkedPoll poll, Supplier<CompletableFuture<T>> action) {
        UserId user = poll.subscribe.user();
        return user == null ? action.get() : signs.sign(poll.keyset.key, user, action);
    }

    /** Serves a subscribe whose cursor is far ahead of what this node takes for the time: Redis says what time it is. */
    private void beginOrHandshake(ParkedPoll poll) {
        handshakes.now().whenComplete((now, failure) -> {
            if (failure != null) {
                poll.fail(refusal(failure));
            } else if (poll.subscribe.isFarAheadOf(now)) {
                handshake(poll);
            } else {
                begin(poll);
            }
        });
    }

    @Override
    public CompletionStage<Long> publish(SubscribeKey key, Channel channel, Publication publication) {
        return edge(publisher.publish(keysets.admit(key), channel, publication));
    }

    @Override
    public CompletionStage<Long> timetoken() {
        return edge(handshakes.now());
    }

    @Override
    public CompletionStage<Void> addToGroup(SubscribeKey key, ChannelGroup group, List<Channel> channels) {
        return edge(groups.add(keysets.admit(key), group, channels));
    }

    @Override
    public CompletionStage<Void> removeFromGroup(SubscribeKey key, ChannelGroup group, List<Channel> channels) {
        return edge(groups.remove(key, group, channels));
    }

    @Override
    public CompletionStage<Void> deleteGroup(SubscribeKey key, ChannelGroup group) {
        return edge(groups.delete(key, group));
    }

    @Override
    public CompletionStage<List<Channel>> group(SubscribeKey key, ChannelGroup group) {
        return edge(groups.channels(key, group.name()));
    }

    @Override
    public CompletionStage<List<ChannelGroup>> groups(SubscribeKey key) {
        return edge(groups.names(key));
    }

    @Override
    public EventStream events() {
        return events;
    }

    @Override
    public Directory directory() {
        return directory;
    }

    @Override
    public Explainer explainer() {
        return explainer;
    }

    @Override
    public Kicks kicks() {
        return kicks;
    }

    @Override
    public void reconfigure() {
        for (Keyset keyset : keysets.configure()) {
            rosters.active(keyset.key)
                    .thenCompose(channels -> Slices.each(
                            channels.stream()
                                    .filter(channel -> !keyset.isTracked(channel.name()))
                                    .toList(),
                            DROPS_AT_ONCE,
                            channel -> presence.drop(keyset, channel)));
        }
    }

    @Override
    public boolean isReady() {
        return !closed && link.isWell();
    }

    /** Has the other nodes know of this one, with the version of its server and how many connections are open there. */
    public void announce(String version, LongSupplier connections) {
        nodes.announce(version, connections);
    }

    /** Returns how the service is kept in Redis at the moment. */
    public RedisHealth health() {
        return health;
    }

    @Override
    public EngineCounts counts() {
        try {
            counted = threads.ask(() -> hub.counts(keysets.size(), census.whole()));
        } catch (IllegalStateException e) {
            // Whoever looks for what is wrong gets the other metrics, and the lag among them.
            log.debug("the hub is not counted", e);
        }
        return counted;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        threads.stopClock();
        try {
            threads.ask(() -> {
                hub.releaseAll();
                return true;
            });
        } catch (IllegalStateException e) {
            log.warn("polls that wait get no answer", e);
        }
        try {
            nodes.leave().get(LEAVE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.debug("the other nodes are not told that this one goes", e);
        } finally {
            threads.close();
            link.close();
        }
    }

    /** Does something for each channel of targets. */
    private CompletableFuture<Void> forEach(Keyset keyset, Targets targets, Work work) {
        return groups.expanded(keyset, targets)
                .thenCompose(channels -> Slices.each(channels, Slices.AT_ONCE, work::on));
    }

    /** Returns a stage that fails with what the client is told, not with what wraps it. */
    static <T> CompletionStage<T> edge(CompletableFuture<T> inner) {
        CompletableFuture<T> outer = new CompletableFuture<>();
        inner.whenComplete((result, failure) -> {
            if (failure == null) {
                outer.complete(result);
            } else {
                outer.completeExceptionally(refusal(failure));
            }
        });
        return outer;
    }

    private static ProtocolException refusal(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof ProtocolException refusal ? refusal : new ProtocolException(ErrorCode.INTERNAL);
    }

    @FunctionalInterface
    private interface Work {
        CompletableFuture<?> on(Channel channel);
    }
}

package dev.rollcall.engine.embedded;

import static java.util.concurrent.CompletableFuture.completedStage;
import static java.util.concurrent.CompletableFuture.failedStage;

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
import dev.rollcall.engine.base.Expansion;
import dev.rollcall.engine.events.EventLog;
import dev.rollcall.engine.events.EventStream;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.Departure;
import dev.rollcall.protocol.Envelope;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The engine that keeps everything in the memory of this process. Every call does its work on the calling thread and returns a
 * completed stage; time passes only when {@link #advance} is called. Starts no threads.
 */
public final class EmbeddedEngine implements Engine {
    private static final CompletionStage<Void> DONE = completedStage(null);
    private static final int SMALLEST_SHARD_COUNT = 16;
    private static final int SHARDS_PER_PROCESSOR = 4;

    /** Timers that one shard runs or moves before others get their turn. */
    private static final int ADVANCE_BUDGET = 4096;

    /** Channels looked at, or users taken off, before a shard lets others in. */
    private static final int RECONFIGURE_SLICE = 512;

    /** Feeds that one shard looks at to make room before others get their turn. */
    private static final int FORGET_BUDGET = 64;

    /** Feeds looked at to make room for one message. */
    private static final int FORGOTTEN_FOR_ONE = 8;

    private static final long KEYSET_IDLE_MILLIS = 60_000;
    private static final State NO_STATE = State.ofJson("{}");

    private final Keysets settings;
    private final MemoryBudget memory;
    private final EngineTime time;
    private final TimetokenSource timetokens;
    private final FeedWriter writer;
    private final UserIndex users;
    private final Shards shards;
    private final LongPolls polls;
    private final GroupEdits groupEdits;
    private final Rosters rosters;
    private final Failures failures;
    private final EventLog events;
    private final ConcurrentHashMap<SubscribeKey, Keyset> keysets = new ConcurrentHashMap<>();
    private volatile boolean closed;
    private volatile long keysetsSweptAt;

    /** How often settings have been read again; whoever read them before reads them once more. */
    private final AtomicInteger configurations = new AtomicInteger();

    /**
     * Makes an empty engine whose channel groups end with it.
     *
     * @param settings where the settings of keysets come from
     * @param time the clocks
     * @param listener watches what happens
     */
    public EmbeddedEngine(Keysets settings, EngineTime time, EngineListener listener) {
        this(settings, time, listener, GroupStore.NONE);
    }

    /**
     * Makes an engine in which nobody is present, with the channel groups of {@code groups}.
     *
     * @param settings where the settings of keysets come from
     * @param time the clocks
     * @param listener watches what happens
     * @param groups keeps channel groups; an edit is complete, and seen by anybody, once it is kept there
     */
    public EmbeddedEngine(Keysets settings, EngineTime time, EngineListener listener, GroupStore groups) {
        this(settings, time, listener, groups, null);
    }

    /**
     * Makes an engine in which nobody is present, with the channel groups of {@code groups}, that shares long work with {@code helper}.
     *
     * @param settings where the settings of keysets come from
     * @param time the clocks
     * @param listener watches what happens
     * @param groups keeps channel groups; an edit is complete, and seen by anybody, once it is kept there
     * @param helper runs what is too much for the thread it came up on: answers beyond the first few hundred that one message causes, and
     *     most of a question about all channels. In pieces, between which others may have their turn; in any order, on any threads, but
     *     never before {@code execute} returns. Null to do everything on the calling thread
     */
    public EmbeddedEngine(
            Keysets settings, EngineTime time, EngineListener listener, GroupStore groups, @Nullable Executor helper) {
        this(settings, time, listener, groups, helper, MemoryBudget.unlimited());
    }

    /**
     * Makes an engine as {@link #EmbeddedEngine(Keysets, EngineTime, EngineListener, GroupStore, Executor)} does that holds no more than
     * {@code memory} allows, but for what the store and a snapshot bring.
     *
     * @param settings where the settings of keysets come from
     * @param time the clocks
     * @param listener watches what happens
     * @param groups keeps channel groups
     * @param helper runs what is too much for the thread it came up on, or null
     * @param memory what all that is held is counted in
     */
    public EmbeddedEngine(
            Keysets settings,
            EngineTime time,
            EngineListener listener,
            GroupStore groups,
            @Nullable Executor helper,
            MemoryBudget memory) {
        this.memory = memory;
        this.settings = settings;
        this.time = time;
        this.keysetsSweptAt = time.monotonicMillis();
        failures = new Failures(listener, time);
        timetokens = new TimetokenSource(time);
        writer = new FeedWriter(timetokens);
        int shardCount = shardCount(Runtime.getRuntime().availableProcessors());
        users = new UserIndex(shardCount * 4);
        events = new EventLog(
                time, memory, timetokens::fence, failure -> failures.caught("a reader of events", failure));
        Announcer announcer = new Announcer(writer, time, listener, events);
        Presence presence =
                new Presence(time, listener, users, announcer, writer, new Notices(writer, this::publishNotice));
        Aftermath aftermath = new Aftermath(helper, failures);
        shards = new Shards(shardCount, number -> new Shard(number, time, presence, aftermath, failures));
        polls = new LongPolls(shards, timetokens, writer, aftermath, failures);
        rosters = new Rosters(shards, users, helper, failures);
        groupEdits = new GroupEdits(groups, aftermath, failures);
        groups.load((id, channels) -> GroupEdits.loaded(keyset(id.key()), id, channels));
    }

    private static int shardCount(int processors) {
        int wanted = Math.max(SMALLEST_SHARD_COUNT, processors * SHARDS_PER_PROCESSOR);
        return Integer.highestOneBit(wanted * 2 - 1);
    }

    /**
     * Does what is due: timeouts, interval events, ends of holds, forgetting. Bounded; to be called again at once if it returns true, and
     * else about every 10 milliseconds, which is how late a timeout may be announced. Safe from any thread; one at a time is enough.
     *
     * @return whether more is due
     */
    public boolean advance() {
        boolean more = false;
        Error fatal = null;
        for (Shard shard : shards.all()) {
            try {
                more |= shard.advance(ADVANCE_BUDGET);
            } catch (Throwable e) {
                failures.caught("the clock of a shard", e);
                fatal = fatal == null ? Failures.fatal(e) : fatal;
            }
        }
        more |= forget();
        sweepKeysets();
        events.tend();
        if (fatal != null) {
            throw fatal;
        }
        return more;
    }

    /** Forgets the oldest messages and feeds that nobody listens to, where memory is short; returns whether there is more to forget. */
    private boolean forget() {
        if (!memory.isNear(MemoryKind.MESSAGES) && !memory.isNear(MemoryKind.FEEDS)) {
            return false;
        }
        long now = time.monotonicMillis();
        boolean more = false;
        for (Shard shard : shards.all()) {
            shard.enter();
            try {
                more |= shard.recent.forget(memory, 0, FORGET_BUDGET, now);
            } finally {
                shard.exit();
            }
        }
        for (Keyset keyset : keysets.values()) {
            for (WildcardFeed wildcard : keyset.wildcards.values()) {
                wildcard.forget(now);
            }
        }
        return more && (memory.isNear(MemoryKind.MESSAGES) || memory.isNear(MemoryKind.FEEDS));
    }

    private void sweepKeysets() {
        long now = time.monotonicMillis();
        if (now - keysetsSweptAt < KEYSET_IDLE_MILLIS) {
            return;
        }
        keysetsSweptAt = now;
        keysets.forEach((key, keyset) -> {
            if (keyset.isIdleSince(now - KEYSET_IDLE_MILLIS)) {
                if (keysets.remove(key, keyset)) {
                    memory.add(MemoryKind.LEASES, -Footprint.KEYSET);
                }
            }
        });
    }

    @Override
    public CompletionStage<Void> heartbeat(Heartbeat heartbeat) {
        long now = time.monotonicMillis();
        Keyset keyset = keyset(heartbeat.key(), now);
        UserKey user = UserKey.of(heartbeat.user());
        Map<String, State> states = heartbeat.states();
        int timeoutSeconds = heartbeat.timeoutSeconds();
        ProtocolException refusal = null;
        if (heartbeat.targets().groups().isEmpty()) {
            for (Channel channel : heartbeat.targets().channels()) {
                State state = states.isEmpty() ? null : states.get(channel.name());
                refusal = heartbeat(keyset, channel, new Arrival(user, timeoutSeconds, state, true), now, refusal);
            }
        } else {
            requireExpanded(keyset, heartbeat.targets());
            for (var entry : Expansion.states(heartbeat, group -> GroupRegistry.channels(keyset, group))
                    .entrySet()) {
                State state = entry.getValue().orElse(null);
                refusal =
                        heartbeat(keyset, entry.getKey(), new Arrival(user, timeoutSeconds, state, true), now, refusal);
            }
        }
        return refusal == null ? DONE : failedStage(refusal);
    }

    /**
     * Renews or joins. Whoever was refused in one channel is not tried in others, for there is as little room; where they are present
     * already they stay.
     *
     * @return the first refusal, or null
     */
    private @Nullable ProtocolException heartbeat(
            Keyset keyset, Channel channel, Arrival arrival, long now, @Nullable ProtocolException refusal) {
        Shard shard = shards.of(keyset, channel);
        shard.enter();
        try {
            Lease lease = shard.lease(keyset, channel, arrival.user());
            if (lease != null) {
                shard.presence.renew(lease, true, arrival.timeoutSeconds(), arrival.state(), now);
            } else if (refusal == null) {
                shard.presence.arrive(new Place(shard, keyset, channel), arrival, null, now);
            }
            return refusal;
        } catch (ProtocolException e) {
            return refusal == null ? e : refusal;
        } finally {
            shard.exit();
        }
    }

    @Override
    public CompletionStage<Void> leave(Leave leave) {
        long now = time.monotonicMillis();
        Keyset keyset = keyset(leave.key(), now);
        UserKey user = UserKey.of(leave.user());
        for (Channel channel : expanded(keyset, leave.targets())) {
            Place place = shards.place(keyset, channel);
            Shard shard = place.shard();
            shard.enter();
            try {
                shard.presence.leave(place, user, Departure.EXPLICIT, now);
            } finally {
                shard.exit();
            }
        }
        return DONE;
    }

    @Override
    public CompletionStage<Void> setState(SetState setState) {
        long now = time.monotonicMillis();
        Keyset keyset = keyset(setState.key(), now);
        UserKey user = UserKey.of(setState.user());
        for (Channel channel : expanded(keyset, setState.targets())) {
            Place place = shards.place(keyset, channel);
            Shard shard = place.shard();
            shard.enter();
            try {
                shard.presence.setState(place, user, setState.state(), now);
            } catch (ProtocolException e) {
                return failedStage(e);
            } finally {
                shard.exit();
            }
        }
        return DONE;
    }

    @Override
    public CompletionStage<Map<Channel, State>> state(SubscribeKey key, UserId user, Targets targets) {
        Keyset keyset = keyset(key);
        return completedStage(rosters.states(keyset, UserKey.of(user), expanded(keyset, targets), NO_STATE));
    }

    @Override
    public CompletionStage<List<RosterPage>> hereNow(HereNowQuery query) {
        Keyset keyset = keyset(query.key());
        return query.targets().isEmpty()
                ? rosters.everywhere(keyset, query)
                : completedStage(rosters.pages(keyset, query));
    }

    @Override
    public CompletionStage<List<Channel>> whereNow(SubscribeKey key, UserId user) {
        return completedStage(rosters.channelsOf(key, user));
    }

    @Override
    public Poll subscribe(Subscribe subscribe, PollListener listener) {
        if (closed) {
            listener.onFailure(new ProtocolException(ErrorCode.UNAVAILABLE));
            return LongPolls.ANSWERED;
        }
        long now = time.monotonicMillis();
        Keyset keyset = keyset(subscribe.key(), now);
        if (!subscribe.groups().isEmpty()) {
            requireExpanded(keyset, new Targets(subscribe.channels(), subscribe.groups()));
        }
        Poll poll = polls.subscribe(keyset, subscribe, listener, now);
        if (closed) {
            // The close may have looked through the polls before this one was among them.
            poll.release();
        }
        return poll;
    }

    @Override
    public CompletionStage<Long> publish(SubscribeKey key, Channel channel, Publication publication) {
        try {
            return completedStage(publish(keyset(key), channel, publication));
        } catch (ProtocolException e) {
            return failedStage(e);
        }
    }

    private long publish(Keyset keyset, Channel channel, Publication publication) {
        Envelope envelope = Envelope.of(keyset.key, channel, publication);
        makeRoom(keyset, (long) envelope.size() + Footprint.MESSAGE + Footprint.FEED);
        Shard shard = shards.of(keyset, channel);
        shard.enter();
        try {
            makeRoom(shard, envelope.size());
            ChannelEntry entry = shard.channel(keyset, channel);
            return writer.post(
                            entry,
                            channel,
                            entry.feed(false),
                            publication.type(),
                            publication.publisher(),
                            envelope,
                            time.monotonicMillis())
                    .timetoken();
        } finally {
            shard.exit();
        }
    }

    /** Forgets the oldest messages of a keyset that keeps as much as it may, one shard after the other. No lock held. */
    private void makeRoom(Keyset keyset, long bytes) {
        for (Shard shard : shards.all()) {
            if (!keyset.keepsTooMuch(bytes)) {
                return;
            }
            shard.enter();
            try {
                shard.recent.forget(keyset, bytes, FORGET_BUDGET);
            } finally {
                shard.exit();
            }
        }
        if (keyset.keepsTooMuch(bytes)) {
            throw Keyset.overLimit("max-kept-bytes", keyset.settings().limits().keptBytes());
        }
    }

    /** Forgets the oldest messages of a shard for a new one, where memory is short. Lock of the shard held. */
    private void makeRoom(Shard shard, int bytes) {
        long now = time.monotonicMillis();
        long footprint = (long) bytes + Footprint.MESSAGE + Footprint.FEED;
        if (memory.isNear(MemoryKind.MESSAGES) || !memory.fits(MemoryKind.MESSAGES, footprint)) {
            shard.recent.forget(memory, footprint, FORGOTTEN_FOR_ONE, now);
        }
        memory.require(MemoryKind.MESSAGES, footprint);
    }

    private void publishNotice(Keyset keyset, Channel channel, byte[] payload) {
        publish(keyset, channel, new Publication(MessageType.MESSAGE, payload, null, null, 0, null));
    }

    @Override
    public CompletionStage<Long> timetoken() {
        return completedStage(timetokens.fence());
    }

    @Override
    public CompletionStage<Void> addToGroup(SubscribeKey key, ChannelGroup group, List<Channel> channels) {
        try {
            return groupEdits.add(keyset(key), group, channels);
        } catch (ProtocolException e) {
            return failedStage(e);
        }
    }

    @Override
    public CompletionStage<Void> removeFromGroup(SubscribeKey key, ChannelGroup group, List<Channel> channels) {
        return groupEdits.remove(keyset(key), group, channels);
    }

    @Override
    public CompletionStage<Void> deleteGroup(SubscribeKey key, ChannelGroup group) {
        return groupEdits.delete(keyset(key), group);
    }

    @Override
    public CompletionStage<List<Channel>> group(SubscribeKey key, ChannelGroup group) {
        return completedStage(GroupRegistry.channels(keyset(key), group.name()));
    }

    @Override
    public CompletionStage<List<ChannelGroup>> groups(SubscribeKey key) {
        return completedStage(GroupRegistry.names(keyset(key)));
    }

    @Override
    public EventStream events() {
        return events;
    }

    @Override
    public void reconfigure() {
        configurations.incrementAndGet();
        keysets.forEach((key, keyset) -> keyset.configure(settings.settings(key)));
        for (Shard shard : shards.all()) {
            int position = ChainedTable.START;
            do {
                position = reconfigure(shard, position);
            } while (position != ChainedTable.START);
        }
    }

    /** Brings the next rosters of a shard in line with the settings, letting others in between, and returns how far it came. */
    private static int reconfigure(Shard shard, int from) {
        List<Roster> open = new ArrayList<>();
        int[] seen = {0};
        int position = from;
        shard.enter();
        try {
            do {
                position = shard.channels.walk(position, entry -> {
                    seen[0]++;
                    if (entry.roster != null) {
                        open.add(entry.roster);
                    }
                });
            } while (position != ChainedTable.START && seen[0] < RECONFIGURE_SLICE);
        } finally {
            shard.exit();
        }
        for (Roster roster : open) {
            boolean more;
            do {
                shard.enter();
                try {
                    more = shard.presence.reconfigure(roster, RECONFIGURE_SLICE);
                } finally {
                    shard.exit();
                }
            } while (more);
        }
        return position;
    }

    /**
     * Writes who is where with which state and how much of his lease is left, the feeds, and what else a new engine needs to go on
     * where this one is; not the channel groups. Takes the lock of one shard at a time, for a few hundred occupants at a time, so that
     * requests go on meanwhile; what changes meanwhile may or may not be in. Blocks as long as {@code out} does. One thread at a time.
     *
     * @param out not closed
     * @param reserved by how much timetokens of the engine that takes this up shall be ahead of what this one has given out until now:
     *     as long as this may go on giving out more; zero if it is closed
     * @throws IOException if {@code out} fails
     */
    public void writeSnapshot(OutputStream out, Duration reserved) throws IOException {
        new SnapshotWriter(shards, keysets.values(), time, timetokens, out).write(reserved);
    }

    /**
     * Takes up what {@link #writeSnapshot} wrote. To be called before anything else is done with this engine. Nobody hears of it: who was
     * present is present, until his lease ends.
     *
     * @param grace added to what is left of every lease, for its owner to find the way back
     * @return how many occupants there are
     * @throws IOException if it cannot be read or is no snapshot this version knows; then the engine is of no more use
     */
    public int restore(InputStream in, Duration grace) throws IOException {
        return new SnapshotReader(shards, users, this::keyset, time.monotonicMillis(), timetokens, in, grace).read();
    }

    /** Has every timetoken from now on be greater than {@code timetoken}, whatever the clock says. */
    public void startTimetokensAfter(long timetoken) {
        timetokens.startAfter(timetoken);
    }

    @Override
    public boolean isReady() {
        return !closed;
    }

    @Override
    public EngineCounts counts() {
        return new Census(shards, keysets.values()).counts();
    }

    @Override
    public void close() {
        closed = true;
        List<ParkedPoll> open = new ArrayList<>();
        for (Shard shard : shards.all()) {
            shard.enter();
            try {
                shard.wheel.forEach(timer -> {
                    if (timer instanceof ParkedPoll poll) {
                        open.add(poll);
                    }
                });
            } finally {
                shard.exit();
            }
        }
        open.forEach(ParkedPoll::release);
    }

    /** Returns where everything is; for tests. */
    Shards shards() {
        return shards;
    }

    private Keyset keyset(SubscribeKey key) {
        return keyset(key, time.monotonicMillis());
    }

    private Keyset keyset(SubscribeKey key, long now) {
        Keyset keyset = keysets.get(key);
        if (keyset == null) {
            keyset = newKeyset(key, now);
        }
        keyset.use(now);
        return keyset;
    }

    private Keyset newKeyset(SubscribeKey key, long now) {
        int configuration = configurations.get();
        memory.require(MemoryKind.LEASES, Footprint.KEYSET);
        Keyset fresh = new Keyset(key, settings.settings(key), memory, now);
        Keyset there = keysets.putIfAbsent(key, fresh);
        if (there != null) {
            return there;
        }
        memory.add(MemoryKind.LEASES, Footprint.KEYSET);
        if (configurations.get() != configuration) {
            // They were read again while this one was not among the keysets yet.
            fresh.configure(settings.settings(key));
        }
        return fresh;
    }

    /** Refuses channel groups that stand for more channels than one user may be in, before they are looked through. */
    private static void requireExpanded(Keyset keyset, Targets targets) {
        int most = keyset.settings().limits().channelsPerUser();
        int count = targets.channels().size();
        for (ChannelGroup group : targets.groups()) {
            count += GroupRegistry.channels(keyset, group.base().name()).size();
            if (count > most) {
                throw new ProtocolException(
                        ErrorCode.INVALID_ARGUMENT,
                        "channels of the channel groups: more than " + most
                                + " (expected: at most max-channels-per-user)");
            }
        }
    }

    /** Returns the channels of targets, groups resolved, each once. */
    private static List<Channel> expanded(Keyset keyset, Targets targets) {
        if (!targets.groups().isEmpty()) {
            requireExpanded(keyset, targets);
        }
        return Expansion.channels(targets, group -> GroupRegistry.channels(keyset, group));
    }
}

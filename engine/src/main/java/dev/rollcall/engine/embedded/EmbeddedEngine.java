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
import dev.rollcall.engine.Message;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.RosterPage;
import dev.rollcall.engine.SetState;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.directory.Directory;
import dev.rollcall.engine.embedded.feed.FeedWriter;
import dev.rollcall.engine.embedded.feed.ParkedPoll;
import dev.rollcall.engine.embedded.feed.TimetokenSource;
import dev.rollcall.engine.embedded.group.GroupEdits;
import dev.rollcall.engine.embedded.group.GroupStore;
import dev.rollcall.engine.embedded.poll.LongPolls;
import dev.rollcall.engine.embedded.query.Census;
import dev.rollcall.engine.embedded.query.EmbeddedDirectory;
import dev.rollcall.engine.embedded.query.EmbeddedExplainer;
import dev.rollcall.engine.embedded.query.Rosters;
import dev.rollcall.engine.embedded.roster.Announcer;
import dev.rollcall.engine.embedded.roster.ChannelEntry;
import dev.rollcall.engine.embedded.roster.Keyset;
import dev.rollcall.engine.embedded.roster.Lease;
import dev.rollcall.engine.embedded.roster.Notices;
import dev.rollcall.engine.embedded.roster.Presence;
import dev.rollcall.engine.embedded.roster.Seat;
import dev.rollcall.engine.embedded.roster.Seating;
import dev.rollcall.engine.embedded.roster.Shard;
import dev.rollcall.engine.embedded.roster.Shards;
import dev.rollcall.engine.embedded.roster.UserIndex;
import dev.rollcall.engine.embedded.snapshot.SnapshotReader;
import dev.rollcall.engine.embedded.snapshot.SnapshotWriter;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.embedded.work.Aftermath;
import dev.rollcall.engine.embedded.work.Failures;
import dev.rollcall.engine.events.EventLog;
import dev.rollcall.engine.events.EventStream;
import dev.rollcall.engine.explain.Explainer;
import dev.rollcall.engine.kick.Ban;
import dev.rollcall.engine.kick.BanTable;
import dev.rollcall.engine.kick.Kicks;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
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
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The engine that keeps everything in the memory of this process. Every call does its work on the calling thread and returns a
 * completed stage; time passes only when {@link #advance} is called. Starts no threads.
 */
public final class EmbeddedEngine implements Engine {
    private static final int SMALLEST_SHARD_COUNT = 16;
    private static final int SHARDS_PER_PROCESSOR = 4;
    private static final State NO_STATE = State.ofJson("{}");

    private final EngineTime time;
    private final TimetokenSource timetokens;
    private final UserIndex users;
    private final Shards shards;
    private final LongPolls polls;
    private final GroupEdits groupEdits;
    private final Rosters rosters;
    private final KeysetTable keysets;
    private final Attendance attendance;
    private final Publisher publisher;
    private final Upkeep upkeep;
    private final Seating seating;
    private final EventLog events;
    private final BanTable bans = new BanTable();
    private final EmbeddedKicks kicks;
    private final EmbeddedDirectory directory;
    private final EmbeddedExplainer explainer;
    private volatile boolean closed;

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
        this.time = time;
        Failures failures = new Failures(listener, time);
        timetokens = new TimetokenSource(time);
        FeedWriter writer = new FeedWriter(timetokens);
        int shardCount = shardCount(Runtime.getRuntime().availableProcessors());
        users = new UserIndex(shardCount * 4);
        events = new EventLog(
                time, memory, timetokens::fence, failure -> failures.caught("a reader of events", failure));
        Announcer announcer = new Announcer(writer, time, listener, events);
        Presence presence =
                new Presence(time, listener, users, bans, announcer, new Notices(writer, this::publishNotice));
        Aftermath aftermath = new Aftermath(helper, failures);
        shards = new Shards(shardCount, number -> new Shard(number, time, presence, aftermath, failures));
        keysets = new KeysetTable(settings, memory, time.monotonicMillis());
        seating = new Seating(shards, users);
        kicks = new EmbeddedKicks(keysets, shards, users, bans, time);
        attendance = new Attendance(shards, bans, kicks, time);
        publisher = new Publisher(shards, writer, memory, time);
        upkeep = new Upkeep(shards, keysets, memory, time, failures, events, bans);
        directory = new EmbeddedDirectory(this::keyset, keysets.all(), shards, users, time);
        explainer = new EmbeddedExplainer(this::keyset, shards, users, bans, time);
        polls = new LongPolls(shards, timetokens, aftermath, failures);
        rosters = new Rosters(shards, users, helper, failures);
        groupEdits = new GroupEdits(groups, aftermath, failures);
        groups.load((id, channels) -> GroupEdits.loaded(keyset(id.key()).groups, id, channels));
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
        return upkeep.advance();
    }

    /**
     * Returns when something is due next, in milliseconds of the monotonic clock, or {@link Long#MAX_VALUE} if nothing is. For whoever
     * moves time: going from one such moment to the next, with {@link #advance} at each, everything happens at the millisecond at which it
     * is due. What others do meanwhile may bring an earlier one.
     */
    public long nextDueMillis() {
        long next = Long.MAX_VALUE;
        for (Shard shard : shards.all()) {
            next = Math.min(next, shard.nextDueMillis());
        }
        return next;
    }

    /**
     * Tells who times out by {@code monotonicMillis} unless they give a sign of life: one call for each of their leases, without any lock.
     * Leaves out those whose last connection was lost and who leave for that.
     */
    public void forEachTimeoutBy(long monotonicMillis, TimeoutVisitor visitor) {
        for (Shard shard : shards.all()) {
            List<Lease> found = new ArrayList<>();
            shard.enter();
            try {
                shard.wheel.forEachDueBy(monotonicMillis, timer -> {
                    if (timer instanceof Lease lease && !lease.isLeaving()) {
                        found.add(lease);
                    }
                });
            } finally {
                shard.exit();
            }
            for (Lease lease : found) {
                ChannelEntry entry = lease.roster.entry;
                visitor.visit(entry.keyset.key, entry.channel, lease.userId());
            }
        }
    }

    /** Is told of leases that are about to end. */
    @FunctionalInterface
    public interface TimeoutVisitor {
        /** A user is about to time out in a channel. */
        void visit(SubscribeKey key, Channel channel, UserId user);
    }

    @Override
    public CompletionStage<Void> heartbeat(Heartbeat heartbeat) {
        long now = time.monotonicMillis();
        return attendance.heartbeat(keysets.get(heartbeat.key(), now), heartbeat, now);
    }

    @Override
    public CompletionStage<Void> leave(Leave leave) {
        long now = time.monotonicMillis();
        return attendance.leave(keysets.get(leave.key(), now), leave, now);
    }

    @Override
    public CompletionStage<Void> setState(SetState setState) {
        long now = time.monotonicMillis();
        return attendance.setState(keysets.get(setState.key(), now), setState, now);
    }

    @Override
    public CompletionStage<Map<Channel, State>> state(SubscribeKey key, UserId user, Targets targets) {
        Keyset keyset = keyset(key);
        return completedStage(rosters.states(keyset, UserKey.of(user), Attendance.expanded(keyset, targets), NO_STATE));
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
        Keyset keyset = keysets.get(subscribe.key(), now);
        if (!subscribe.groups().isEmpty()) {
            Attendance.requireExpanded(keyset, new Targets(subscribe.channels(), subscribe.groups()));
        }
        Ban known = attendance.ban(keyset, subscribe.user());
        ProtocolException refusal = Attendance.refusal(keyset, known, subscribe.channels(), subscribe.groups());
        if (refusal != null) {
            listener.onFailure(refusal);
            return LongPolls.ANSWERED;
        }
        Poll poll = polls.subscribe(keyset, subscribe, listener, now);
        refusal = attendance.refusalSince(known, keyset, subscribe.user(), subscribe.channels(), subscribe.groups());
        if (refusal != null && poll instanceof ParkedPoll parked) {
            parked.refuse(refusal);
        }
        if (closed) {
            // The close may have looked through the polls before this one was among them.
            poll.release();
        }
        return poll;
    }

    @Override
    public CompletionStage<Long> publish(SubscribeKey key, Channel channel, Publication publication) {
        try {
            return completedStage(publisher.publish(keyset(key), channel, publication));
        } catch (ProtocolException e) {
            return failedStage(e);
        }
    }

    private void publishNotice(Keyset keyset, Channel channel, byte[] payload) {
        publisher.publish(keyset, channel, new Publication(MessageType.MESSAGE, payload, null, null, 0, null));
    }

    @Override
    public CompletionStage<Long> timetoken() {
        return completedStage(timetokens.fence());
    }

    @Override
    public CompletionStage<Void> addToGroup(SubscribeKey key, ChannelGroup group, List<Channel> channels) {
        try {
            return groupEdits.add(keyset(key).groups, group, channels);
        } catch (ProtocolException e) {
            return failedStage(e);
        }
    }

    @Override
    public CompletionStage<Void> removeFromGroup(SubscribeKey key, ChannelGroup group, List<Channel> channels) {
        return groupEdits.remove(keyset(key).groups, group, channels);
    }

    @Override
    public CompletionStage<Void> deleteGroup(SubscribeKey key, ChannelGroup group) {
        return groupEdits.delete(keyset(key).groups, group);
    }

    @Override
    public CompletionStage<List<Channel>> group(SubscribeKey key, ChannelGroup group) {
        return completedStage(keyset(key).groups.channels(group.name()));
    }

    @Override
    public CompletionStage<List<ChannelGroup>> groups(SubscribeKey key) {
        return completedStage(keyset(key).groups.names());
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
        keysets.configure();
        upkeep.reconfigure();
    }

    /**
     * Writes who is where with which state and how much of their lease is left, the feeds, and what else a new engine needs to go on
     * where this one is; not the channel groups. Takes the lock of one shard at a time, for a few hundred occupants at a time, so that
     * requests go on meanwhile; what changes meanwhile may or may not be in. Blocks as long as {@code out} does. One thread at a time.
     *
     * @param out not closed
     * @param reserved by how much timetokens of the engine that takes this up shall be ahead of what this one has given out until now:
     *     as long as this may go on giving out more; zero if it is closed
     * @throws IOException if {@code out} fails
     */
    public void writeSnapshot(OutputStream out, Duration reserved) throws IOException {
        new SnapshotWriter(shards, keysets.all(), time, timetokens, out).write(reserved);
    }

    /**
     * Takes up what {@link #writeSnapshot} wrote. To be called before anything else is done with this engine. Nobody hears of it: who was
     * present is present, until their lease ends.
     *
     * @param grace added to what is left of every lease, for its owner to find the way back
     * @return how many occupants there are
     * @throws IOException if it cannot be read or is no snapshot this version knows; then the engine is of no more use
     */
    public int restore(InputStream in, Duration grace) throws IOException {
        return new SnapshotReader(shards, users, this::keyset, time.monotonicMillis(), timetokens, in, grace).read();
    }

    /**
     * Puts a user where somebody wrote down that they are. Nobody hears of it.
     *
     * @return whether they are there; if not, the channel is not tracked
     * @throws ProtocolException if there is no room for them
     */
    public boolean seat(Seat seat) {
        long now = time.monotonicMillis();
        return seating.put(keysets.get(seat.key(), now), seat, now, time.epochMillis());
    }

    /** Returns everybody who is anywhere, in no particular order; at the cost of a list as long as there are occupants. */
    public List<Seat> seats() {
        return seating.all(time.monotonicMillis());
    }

    /** Tells of the messages that channels keep, channel by channel, the oldest first, without any lock. */
    public void forEachMessage(BiConsumer<SubscribeKey, Message> action) {
        seating.forEachMessage(action);
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
        return new Census(shards, keysets.all()).counts();
    }

    @Override
    public void close() {
        closed = true;
        upkeep.releasePolls();
    }

    /** Returns where everything is; for tests. */
    Shards shards() {
        return shards;
    }

    private Keyset keyset(SubscribeKey key) {
        return keysets.get(key, time.monotonicMillis());
    }
}

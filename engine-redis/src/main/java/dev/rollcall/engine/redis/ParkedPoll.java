package dev.rollcall.engine.redis;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Message;
import dev.rollcall.engine.MessageFilter;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.base.Found;
import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.Departure;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.ProtocolException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A subscribe that waits. The methods of {@link Poll} are safe from any thread; all else is owned by the hub's thread. */
final class ParkedPoll implements Poll {
    /** Bytes of the heap: of a poll with what the server holds for its connection, of its place in a feed, of a group it follows. */
    private static final int POLL = 1620;

    private static final int SUBSCRIPTION = 160;
    private static final int GROUP = 900;

    /** For how many like it there must be room, so that a few large ones leave some to many small ones. */
    private static final long ROOM_LEFT = 16;

    /** The same for what its groups stand for, which is known only when it has been let in. */
    private static final long ROOM_LEFT_FOR_GROUPS = 4;

    private static final Logger log = LoggerFactory.getLogger(ParkedPoll.class);

    /** The one whose hold ends first before the others; polls of one moment in the order in which they were made. */
    static final Comparator<ParkedPoll> BY_END_OF_HOLD =
            Comparator.<ParkedPoll>comparingLong(poll -> poll.holdUntil).thenComparingLong(poll -> poll.number);

    private static final AtomicLong MADE = new AtomicLong();

    final Keyset keyset;
    final Subscribe subscribe;
    final long holdUntil;
    final List<Feed.Subscription> subscriptions = new ArrayList<>(2);

    /** The topics of the groups it listens to. */
    final List<Topic> groups = new ArrayList<>(0);

    /** The polls of its user before it and after it, see {@link PollTable}. */
    @Nullable
    ParkedPoll earlier;

    @Nullable
    ParkedPoll later;

    /** Everything up to here has been looked through. */
    long cursor;

    /** Up to where its feeds must be known before it is answered: what this node had acknowledged when it began. */
    long least;

    /** Whether all that its feeds had has been looked through. */
    boolean caughtUp;

    /** Changes whenever it waits for something else. */
    int wait;

    /** In how many partitions what it waits for has not arrived. */
    int lacking;

    /** Whether the channels of its groups are known, so that it can be answered. */
    boolean linked;

    /** When the channels of a group it listens to became others, or 0. */
    long regroupedAt;

    /** Completes when its user has been counted in the channels of its groups, or need not be any more. Safe from any thread. */
    final CompletableFuture<Void> counted = new CompletableFuture<>();

    private final long number = MADE.incrementAndGet();
    private final Hub hub;
    private final PollListener listener;
    private boolean open = true;

    /** The bytes it is counted with. Written before it gets to the hub, then by the hub. */
    private long held;

    ParkedPoll(Hub hub, Keyset keyset, Subscribe subscribe, PollListener listener, long holdUntil) {
        this.hub = hub;
        this.keyset = keyset;
        this.subscribe = subscribe;
        this.listener = listener;
        this.holdUntil = holdUntil;
        this.cursor = subscribe.cursor();
    }

    /**
     * Counts it among what this node holds, for its maker; whoever ends it takes it off.
     *
     * @throws ProtocolException if there is no room for it, the sooner the larger it is
     */
    void admit() {
        MessageFilter filter = subscribe.filter();
        long footprint = POLL
                + (long) subscribe.channels().size() * SUBSCRIPTION
                + (long) subscribe.groups().size() * GROUP
                + (filter == null ? 0 : filter.footprint());
        hub.memory().require(MemoryKind.POLLS, ROOM_LEFT * footprint);
        held = footprint;
        hub.memory().add(MemoryKind.POLLS, footprint);
    }

    /**
     * Counts the channels its groups stand for.
     *
     * @throws ProtocolException if there is no room for them
     */
    void admitMembers(Map<String, List<Channel>> members) {
        long footprint = 0;
        for (ChannelGroup group : subscribe.groups()) {
            footprint +=
                    (long) members.getOrDefault(group.base().name(), List.of()).size() * SUBSCRIPTION;
        }
        if (footprint > 0) {
            hub.memory().require(MemoryKind.POLLS, ROOM_LEFT_FOR_GROUPS * footprint);
            held += footprint;
            hub.memory().add(MemoryKind.POLLS, footprint);
        }
    }

    /** Returns whether the client still waits. */
    boolean isOpen() {
        return open;
    }

    /** Returns whether a message that is new in its only feed is all there is to say. */
    boolean isSimple() {
        return caughtUp && subscriptions.size() == 1 && subscribe.filter() == null && regroupedAt == 0;
    }

    /** Returns what there is in its feeds after the cursor. */
    Found found() {
        Found found = new Found();
        for (Feed.Subscription subscription : subscriptions) {
            subscription.feed.collect(cursor, subscription, found.deliveries());
            found.added(subscribe.filter() == null ? null : delivery -> passes(delivery.message()));
        }
        return found;
    }

    /** Returns whether the client comes from a position from which not everything is kept any more. */
    boolean hasLost() {
        for (Feed.Subscription subscription : subscriptions) {
            if (subscription.feed.hasLost(cursor)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the timetoken up to which everything in its feeds has arrived on this node. */
    long known(long[] watermarks) {
        long known = Long.MAX_VALUE;
        for (Feed.Subscription subscription : subscriptions) {
            known = Math.min(known, subscription.feed.knownTo(watermarks));
        }
        return known;
    }

    /** Returns whether its filter, if it has one, lets a message through. A filter may throw whatever it likes. */
    boolean passes(Message message) {
        MessageFilter wanted = subscribe.filter();
        return wanted == null
                || message.type() == MessageType.PRESENCE && !keyset.settings().streamFiltering()
                || wanted.accepts(message);
    }

    /**
     * Goes on from {@code known}, up to which its filter wanted nothing of what it has; that it is not told of a gap there later. Not with
     * groups: a channel that is added to one may have something before that.
     */
    void skipTo(long known) {
        if (subscribe.filter() != null && groups.isEmpty() && known < Long.MAX_VALUE) {
            cursor = Math.max(cursor, known);
        }
    }

    /** Notes that it is over, and returns whether it was not before. */
    boolean end() {
        boolean was = open;
        open = false;
        if (was) {
            hub.memory().add(MemoryKind.POLLS, -held);
        }
        return was;
    }

    /** Gives the client its answer. */
    void deliver(Answer answer) {
        try {
            listener.onAnswer(answer);
        } catch (RuntimeException | Error e) {
            FatalErrors.check(e);
            log.error("a poll listener failed", e);
        }
    }

    /** Tells the client that there will be none. */
    void fail(ProtocolException failure) {
        try {
            listener.onFailure(failure);
        } catch (RuntimeException | Error e) {
            FatalErrors.check(e);
            log.error("a poll listener failed", e);
        }
    }

    @Override
    public void cancel() {
        hub.execute(() -> hub.cancel(this));
    }

    @Override
    public void disconnect() {
        hub.execute(() -> hub.disconnect(this, Departure.DISCONNECT));
    }

    @Override
    public void revoke() {
        hub.execute(() -> hub.disconnect(this, Departure.REVOKED));
    }

    @Override
    public void release() {
        hub.execute(() -> hub.release(this));
    }
}

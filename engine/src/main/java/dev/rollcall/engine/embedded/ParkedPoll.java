package dev.rollcall.engine.embedded;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Delivery;
import dev.rollcall.engine.MessageFilter;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.PollListener;
import dev.rollcall.protocol.MessageType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscribe that waits. It is a node in every feed it listens to and a timer in the wheel of its home shard.
 *
 * <p>At any moment it is parked, done, or busy in the hands of exactly one thread: whoever claims it looks through its feeds and then
 * answers it or parks it again. What happens while it is busy is noted by marking it, and makes the thread look once more.
 */
final class ParkedPoll extends Timer implements Poll {
    /** Most deliveries of one answer; what is left comes with the next. */
    private static final int MOST_DELIVERIES = 1000;

    private static final Logger log = LoggerFactory.getLogger(ParkedPoll.class);
    private static final int BUSY = 0;
    private static final int MARKED = 1;
    private static final int PARKED = 2;
    private static final int DONE = 3;

    private static final VarHandle PHASE;
    private static final VarHandle END;

    static {
        try {
            PHASE = MethodHandles.lookup().findVarHandle(ParkedPoll.class, "phase", int.class);
            END = MethodHandles.lookup().findVarHandle(ParkedPoll.class, "end", End.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** How long the presence that the poll stands for shall last, in seconds; 0 if it did not say. */
    final int timeoutSeconds;

    private final Keyset keyset;
    private final TimetokenSource timetokens;
    private final PollListener listener;
    private final @Nullable MessageFilter filter;

    // Set by the thread that makes the poll, before it is first parked.
    private Shard home;
    private Subscription[] subscriptions = {};
    private String[] groups = {};
    private boolean simple;

    private long cursor;
    private volatile int phase = BUSY;
    private volatile End end = End.NONE;

    ParkedPoll(
            Keyset keyset,
            TimetokenSource timetokens,
            Shard home,
            long cursor,
            int timeoutSeconds,
            @Nullable MessageFilter filter,
            PollListener listener) {
        this.keyset = keyset;
        this.timetokens = timetokens;
        this.home = home;
        this.cursor = cursor;
        this.timeoutSeconds = timeoutSeconds;
        this.filter = filter;
        this.listener = listener;
    }

    /** Returns whether the client still waits. */
    boolean isOpen() {
        return phase != DONE;
    }

    /** Returns whether all it listens to is guarded by one lock, each feed once, and nothing has to be looked into. */
    boolean isSimple() {
        return simple;
    }

    /** Tells the poll what it listens to, and parks it or answers it. To be called once, by its maker. */
    void begin(Shard home, Subscription[] subscriptions, String[] groups, boolean simple, boolean anythingThere) {
        this.home = home;
        this.subscriptions = subscriptions;
        this.groups = groups;
        this.simple = simple;
        if (anythingThere || !park()) {
            collect();
        }
    }

    /**
     * Takes the poll into this thread's hands, which then must answer or park it; or, if another thread has it, makes that look again.
     */
    boolean claim() {
        while (true) {
            int seen = phase;
            if (seen == PARKED) {
                if (PHASE.compareAndSet(this, PARKED, BUSY)) {
                    return true;
                }
            } else if (seen != BUSY || PHASE.compareAndSet(this, BUSY, MARKED)) {
                return false;
            }
        }
    }

    private boolean park() {
        if (PHASE.compareAndSet(this, BUSY, PARKED)) {
            return true;
        }
        phase = BUSY;
        return false;
    }

    /** Looks through the feeds, then answers or parks. The poll is in this thread's hands; no lock is held. */
    void collect() {
        do {
            End asked = end;
            if (asked.isWithoutAnswer()) {
                detach(asked);
                return;
            }
            long fence = Math.max(cursor, timetokens.fence());
            List<Delivery> found = found(fence);
            if (!found.isEmpty()) {
                detach(End.ANSWER);
                deliver(answer(found));
                return;
            }
            if (asked != End.NONE) {
                detach(End.ANSWER);
                // An empty poll goes on where it began; after a change of groups it goes on from now, so that a new
                // member's past
                // stays past.
                deliver(new Answer(asked == End.REGROUP ? fence : cursor, List.of()));
                return;
            }
            cursor = fence;
        } while (!park());
    }

    private List<Delivery> found(long fence) {
        List<Delivery> found = new ArrayList<>();
        // What is older may be in a feed still: feeds are cleared now and then only.
        long after = Math.max(cursor, fence - Feed.RETENTION_TIMETOKENS);
        for (Subscription subscription : subscriptions) {
            subscription.feed.enter();
            try {
                subscription.feed.collect(subscription, after, fence, found);
            } finally {
                subscription.feed.exit();
            }
        }
        if (filter != null) {
            found.removeIf(delivery -> !passes(delivery, filter));
        }
        return found;
    }

    private boolean passes(Delivery delivery, MessageFilter wanted) {
        boolean filtered = delivery.message().type() != MessageType.PRESENCE
                || keyset.settings().streamFiltering();
        return !filtered || wanted.accepts(delivery.message());
    }

    private static Answer answer(List<Delivery> found) {
        if (found.size() == 1) {
            Delivery only = found.get(0);
            return only.message().single(only.match());
        }
        found.sort(Comparator.comparingLong(delivery -> delivery.message().timetoken()));
        int end = Math.min(found.size(), MOST_DELIVERIES);
        // One message may be delivered several times, once a match; a cursor between them would lose the rest.
        while (end < found.size() && timetoken(found, end) == timetoken(found, end - 1)) {
            end++;
        }
        return new Answer(timetoken(found, end - 1), found.subList(0, end));
    }

    private static long timetoken(List<Delivery> found, int index) {
        return found.get(index).message().timetoken();
    }

    /** Takes a simple poll out of everything, as answered. The poll is in this thread's hands, and the lock of its home shard held. */
    void detachHere(long now) {
        phase = DONE;
        for (Subscription subscription : subscriptions) {
            unlink(subscription, End.ANSWER, now);
        }
        home.wheel.cancel(this);
    }

    private void detach(End how) {
        phase = DONE;
        long now = home.time.monotonicMillis();
        for (Subscription subscription : subscriptions) {
            subscription.feed.enter();
            try {
                unlink(subscription, how, now);
            } finally {
                subscription.feed.exit();
            }
        }
        home.enter();
        try {
            home.wheel.cancel(this);
        } finally {
            home.exit();
        }
        for (String group : groups) {
            GroupRegistry.forget(keyset, group, this);
        }
    }

    private static void unlink(Subscription subscription, End how, long now) {
        subscription.feed.unlink(subscription);
        Lease lease = subscription.lease;
        if (lease != null) {
            Presence presence = lease.roster.entry.shard.presence;
            presence.pollEnded(lease, how == End.ANSWER, how == End.DISCONNECT, now);
        }
        if (subscription.feed instanceof ChannelFeed feed) {
            feed.dropIfUnused();
        }
    }

    /** Gives the client its answer. The poll is detached; no lock is held. */
    void deliver(Answer answer) {
        try {
            listener.onAnswer(answer);
        } catch (RuntimeException e) {
            log.error("a poll listener failed", e);
        }
    }

    /** Has the poll answered because the channels of a group it listens to are others now. */
    void regroup() {
        endBy(End.REGROUP);
    }

    @Override
    public void cancel() {
        endBy(End.CANCEL);
    }

    @Override
    public void disconnect() {
        endBy(End.DISCONNECT);
    }

    @Override
    public void release() {
        endBy(End.ANSWER);
    }

    private void endBy(End how) {
        ask(how);
        if (claim()) {
            collect();
        }
    }

    /** Notes how the poll shall end. Once its client does not wait any more, nothing else counts. */
    private void ask(End how) {
        End before = end;
        while (!before.isWithoutAnswer() && !END.compareAndSet(this, before, how)) {
            before = end;
        }
    }

    /** The hold is over. */
    @Override
    void onDue(long now) {
        ask(End.ANSWER);
        if (claim()) {
            home.effects().collect(this);
        }
    }

    private enum End {
        NONE,
        ANSWER,
        REGROUP,
        CANCEL,
        DISCONNECT;

        boolean isWithoutAnswer() {
            return this == CANCEL || this == DISCONNECT;
        }
    }
}

package dev.rollcall.engine.embedded.feed;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Client;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.MessageFilter;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.base.Found;
import dev.rollcall.engine.base.Selection;
import dev.rollcall.engine.embedded.account.Footprint;
import dev.rollcall.engine.embedded.group.GroupListener;
import dev.rollcall.engine.embedded.group.GroupRegistry;
import dev.rollcall.engine.embedded.lock.RankedLock;
import dev.rollcall.engine.embedded.work.Answerable;
import dev.rollcall.engine.embedded.work.Failures;
import dev.rollcall.engine.embedded.work.Singles;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A subscribe that waits: a node in every feed it listens to and a timer in the wheel of its home shard. Whoever has claimed it works on
 * it, without any lock but those of the feeds it visits, one after the other.
 */
public final class ParkedPoll extends Claimable implements Poll, GroupListener, Answerable {
    /** About as much of a filter as looks at a message once. */
    private static final int FILTER_TERM_BYTES = 256;

    /** So much looked at by one term of a filter counts as a step of answering. */
    private static final int FILTERED_BYTES_A_STEP = 4096;

    /** How long the presence that the poll stands for shall last, in seconds; 0 if it did not say. */
    public final int timeoutSeconds;

    private final GroupRegistry registry;
    private final TimetokenSource timetokens;
    private final Failures failures;
    private final PollListener listener;
    private final @Nullable MessageFilter filter;
    private final @Nullable Client client;

    /** With what it is refused, if it is. Written before it is asked to end so. */
    private volatile @Nullable ProtocolException refusal;

    // Set by the thread that makes the poll, before it is first parked.
    private ShardCore home;
    private boolean isHeld;
    private Subscription[] subscriptions = {};
    private int subscriptionCount;
    private List<String> groups = List.of();
    private boolean simple;
    private @Nullable Runnable atEnd;

    private long cursor;

    /** The last timetoken before a group it listens to changed first, 0 if none has. Written before it is asked to end so. */
    private volatile long regroupedAt;

    /** Whether its feeds had nothing for it, or it has looked through them: what was lost was lost before that. */
    private boolean caughtUp;

    public ParkedPoll(
            GroupRegistry registry,
            TimetokenSource timetokens,
            Failures failures,
            ShardCore home,
            Subscribe subscribe,
            PollListener listener) {
        this.registry = registry;
        this.timetokens = timetokens;
        this.failures = failures;
        this.home = home;
        this.cursor = subscribe.cursor();
        this.timeoutSeconds = subscribe.timeoutSeconds();
        this.filter = subscribe.filter();
        this.client = subscribe.client();
        this.listener = listener;
    }

    /** Returns whether all it listens to is guarded by one lock, each feed once, and nothing has to be looked into. */
    boolean isSimple() {
        return simple;
    }

    /** Notes that the poll is told of changes of a group, by its name. For its maker. */
    public void joinGroup(String group) {
        if (groups.isEmpty()) {
            groups = new ArrayList<>(1);
        }
        if (!groups.contains(group)) {
            groups.add(group);
        }
    }

    /** Tells the poll in whose wheel it is. For its maker, before it is there and before the first subscription. */
    public void place(ShardCore home, int subscriptionCount) {
        this.home = home;
        isHeld = true;
        subscriptions = new Subscription[subscriptionCount];
    }

    /** Adds what the poll takes to what is held, or takes it off. */
    void account(int sign) {
        registry.keyset().memory.add(MemoryKind.POLLS, sign * footprint(subscriptions.length, groups.size(), filter));
    }

    /** Returns how much of the heap a poll takes. */
    public static long footprint(int subscriptions, int groups, @Nullable MessageFilter filter) {
        return Footprint.POLL
                + (long) subscriptions * Footprint.SUBSCRIPTION
                + (long) groups * Footprint.GROUP
                + (filter == null ? 0 : filter.footprint());
    }

    /** Has something done once it has ended. For its maker; must not take a lock. */
    void atEnd(Runnable action) {
        atEnd = action;
    }

    /** Returns whether it stands for its user's presence by the subscription of this number. For its maker. */
    public boolean standsFor(int subscription) {
        return subscriptions[subscription].stay != null;
    }

    private void ended() {
        finish();
        Runnable action = atEnd;
        if (action != null) {
            action.run();
        }
    }

    /** Notes that the poll has a place in a feed. For its maker. */
    public void add(Subscription subscription) {
        subscriptions[subscriptionCount++] = subscription;
    }

    /** Parks the poll, or returns that it has to look through its feeds at once. To be called once, by its maker. */
    public boolean begin(boolean simple, boolean anythingThere) {
        this.simple = simple;
        caughtUp = !anythingThere;
        return anythingThere || !park();
    }

    /** Looks through the feeds, then answers or parks. The poll is in this thread's hands; no lock is held. */
    @Override
    public void collect(Singles singles) {
        assert RankedLock.isNoneHeld();
        Answer answer;
        try {
            answer = look(singles);
        } catch (Throwable e) {
            fail(e);
            return;
        }
        if (answer != null) {
            deliver(answer);
        }
    }

    /** Returns the answer, the poll being detached; or null if it is parked again, or has ended without one. */
    private @Nullable Answer look(Singles singles) {
        do {
            End asked = asked();
            if (asked.isWithoutAnswer()) {
                detach(asked);
                tellRefusal(asked);
                return null;
            }
            // What was published after the change of a group may be in a channel that it no longer has; the rest of it
            // comes with the next.
            long now = asked == End.REGROUP ? regroupedAt : timetokens.fence();
            long fence = Math.max(cursor, now);
            Found found = found(fence, singles);
            boolean gap = !caughtUp && hasLost(fence);
            caughtUp = true;
            if (!found.isEmpty()) {
                Answer answer = found.answer(only -> singles.of(only.message(), only.match()));
                detach(End.ANSWER);
                return gap ? answer.afterGap() : answer;
            }
            if (gap) {
                detach(End.ANSWER);
                return new Answer(fence, List.of(), true);
            }
            if (asked != End.NONE) {
                detach(End.ANSWER);
                // An empty poll goes on where it began; after a change of groups it goes on from now, so that a new
                // member's past stays past.
                return new Answer(asked == End.REGROUP ? fence : cursor, List.of());
            }
            cursor = fence;
        } while (!park());
        return null;
    }

    /** Returns whether the client comes from a position from which not everything is kept any more. */
    private boolean hasLost(long fence) {
        long horizon = fence - MessageRing.RETENTION_TIMETOKENS;
        for (int i = 0; i < subscriptionCount; i++) {
            if (subscriptions[i].feed.hasLost(cursor, horizon)) {
                return true;
            }
        }
        return false;
    }

    private Found found(long fence, Singles singles) {
        Found found = new Found();
        MessageFilter wanted = filter;
        KeysetSettings settings = registry.keyset().settings();
        // What is older may be in a feed still: feeds are cleared now and then only.
        long after = Math.max(cursor, fence - MessageRing.RETENTION_TIMETOKENS);
        for (int i = 0; i < subscriptionCount; i++) {
            Subscription subscription = subscriptions[i];
            subscription.feed.collect(subscription, after, Math.min(fence, found.upTo()), found.deliveries());
            found.added(wanted == null ? null : delivery -> Selection.passes(delivery, wanted, settings));
        }
        if (wanted != null) {
            singles.cost(found.filteredBytes() * (1 + wanted.footprint() / FILTER_TERM_BYTES) / FILTERED_BYTES_A_STEP);
        }
        return found;
    }

    /** Takes a simple poll out of everything, as answered. The poll is in this thread's hands, and the lock of its home shard held. */
    void detachHere(long now) {
        ended();
        for (int i = 0; i < subscriptionCount; i++) {
            subscriptions[i].unlinkHere(End.ANSWER, now);
        }
        home.cancelPoll(this);
    }

    /** Takes the poll out of everything, whatever part of that fails. No lock is held. */
    private void detach(End how) {
        ended();
        Error fatal = null;
        long now = home.time.monotonicMillis();
        for (int i = 0; i < subscriptionCount; i++) {
            try {
                subscriptions[i].unlink(how, now);
            } catch (Throwable e) {
                failures.caught("the end of a subscription", e);
                fatal = fatal == null ? Failures.fatal(e) : fatal;
            }
        }
        if (isHeld) {
            home.enter();
            try {
                home.cancelPoll(this);
            } finally {
                home.exit();
            }
        }
        for (String group : groups) {
            registry.forget(group, this);
        }
        if (fatal != null) {
            throw fatal;
        }
    }

    /** Ends the poll because a filter or something inside threw. It is in this thread's hands; no lock is held. */
    public void fail(Throwable failure) {
        if (!(failure instanceof ProtocolException)) {
            failures.caught("a poll", failure);
        }
        End asked = asked();
        if (isOpen()) {
            detach(asked.isWithoutAnswer() ? asked : End.ANSWER);
        }
        if (!asked.isWithoutAnswer()) {
            try {
                listener.onFailure(
                        failure instanceof ProtocolException told ? told : new ProtocolException(ErrorCode.INTERNAL));
            } catch (Throwable e) {
                failures.caught("a poll listener", e);
                Failures.rethrowIfFatal(e);
            }
        }
        tellRefusal(asked);
        Failures.rethrowIfFatal(failure);
    }

    /** Tells the client that it is refused, if that is how the poll ends. The poll is detached; no lock is held. */
    private void tellRefusal(End asked) {
        ProtocolException told = refusal;
        if (asked != End.REFUSE || told == null) {
            return;
        }
        try {
            listener.onFailure(told);
        } catch (Throwable e) {
            failures.caught("a poll listener", e);
            Failures.rethrowIfFatal(e);
        }
    }

    /** Gives the client its answer. The poll is detached; no lock is held. */
    @Override
    public void deliver(Answer answer) {
        assert RankedLock.isNoneHeld();
        try {
            listener.onAnswer(answer);
        } catch (Throwable e) {
            failures.caught("a poll listener", e);
            Failures.rethrowIfFatal(e);
        }
    }

    /** Has the poll answered because the channels of a group it listens to are others now. */
    @Override
    public void groupChanged() {
        if (regroupedAt == 0) {
            regroupedAt = timetokens.fence();
        }
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
    public void revoke() {
        endBy(End.REVOKE);
    }

    /** Ends the poll with a refusal: the user is kept off. */
    public void refuse(ProtocolException told) {
        refusal = told;
        endBy(End.REFUSE);
    }

    /** Returns who polls, or null where the server does not say. */
    public @Nullable Client client() {
        return client;
    }

    @Override
    public void release() {
        endBy(End.ANSWER);
    }

    private void endBy(End how) {
        ask(how);
        if (claim()) {
            collect(new Singles());
        }
    }

    /** The hold is over. */
    @Override
    public void onDue(long now) {
        ask(End.ANSWER);
        if (claim()) {
            home.effects().collect(this);
        }
    }
}

package dev.rollcall.engine.embedded.feed;

import dev.rollcall.engine.Message;
import dev.rollcall.engine.embedded.work.Effects;
import org.jspecify.annotations.Nullable;

/** The polls that wait in a feed, in the order in which they came. NOT thread-safe: guarded by the lock of its feed. */
public final class Waiters {
    private @Nullable Subscription first;
    private @Nullable Subscription last;
    private int size;

    /** Walks under way, the last begun first; seldom any. */
    private @Nullable Walk walks;

    boolean isEmpty() {
        return first == null;
    }

    /** Returns how many wait. */
    public int size() {
        return size;
    }

    public void link(Subscription subscription) {
        size++;
        subscription.previous = last;
        if (last == null) {
            first = subscription;
        } else {
            last.next = subscription;
        }
        last = subscription;
    }

    @SuppressWarnings("ReferenceEquality") // a subscription is equal to itself only
    void unlink(Subscription subscription) {
        Subscription previous = subscription.previous;
        Subscription following = subscription.next;
        if (previous == null) {
            first = following;
        } else {
            previous.next = following;
        }
        if (following == null) {
            last = previous;
        } else {
            following.previous = previous;
        }
        for (Walk walk = walks; walk != null; walk = walk.other) {
            if (walk.next == subscription) {
                walk.next = following;
            }
        }
        subscription.previous = null;
        subscription.next = null;
        size--;
    }

    /** Begins a walk through those who wait that lets others in between; it must be ended. */
    public Walk walk() {
        Walk walk = new Walk(first, walks);
        walks = walk;
        return walk;
    }

    /** Ends a walk. */
    @SuppressWarnings("ReferenceEquality") // a walk is equal to itself only
    public void end(Walk walk) {
        if (walks == walk) {
            walks = walk.other;
            return;
        }
        for (Walk before = walks; before != null; before = before.other) {
            if (before.other == walk) {
                before.other = walk.other;
                return;
            }
        }
    }

    /** A place among those who wait, which is kept while others come and go: whoever waits all along is met once. */
    public static final class Walk {
        private @Nullable Subscription next;
        private @Nullable Walk other;

        private Walk(@Nullable Subscription first, @Nullable Walk other) {
            this.next = first;
            this.other = other;
        }

        /** Returns the next one and goes on, or returns null at the end. */
        public @Nullable Subscription take() {
            Subscription taken = next;
            if (taken != null) {
                next = taken.next;
            }
            return taken;
        }
    }

    /**
     * Claims every poll that waits here. Those that are guarded by one lock alone are answered; that must be the lock of this feed's
     * shard, held. The others are left to look for themselves.
     */
    void wake(Message message, Effects effects, long now) {
        Subscription subscription = first;
        while (subscription != null) {
            Subscription following = subscription.next;
            ParkedPoll poll = subscription.poll;
            if (poll.claim()) {
                if (poll.isSimple()) {
                    poll.detachHere(now);
                    effects.answer(poll, message.single(subscription.match));
                } else {
                    effects.collect(poll);
                }
            }
            subscription = following;
        }
    }
}

package dev.rollcall.engine.embedded.feed;

import dev.rollcall.engine.Message;
import dev.rollcall.engine.embedded.work.Effects;
import org.jspecify.annotations.Nullable;

/** The polls that wait in a feed, in the order in which they came. NOT thread-safe: guarded by the lock of its feed. */
public final class Waiters {
    private @Nullable Subscription first;
    private @Nullable Subscription last;

    boolean isEmpty() {
        return first == null;
    }

    public void link(Subscription subscription) {
        subscription.previous = last;
        if (last == null) {
            first = subscription;
        } else {
            last.next = subscription;
        }
        last = subscription;
    }

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
        subscription.previous = null;
        subscription.next = null;
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

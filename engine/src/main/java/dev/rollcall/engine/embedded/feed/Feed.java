package dev.rollcall.engine.embedded.feed;

import dev.rollcall.engine.Delivery;
import dev.rollcall.engine.embedded.account.KeysetAccount;
import dev.rollcall.engine.embedded.timer.Timer;
import java.util.List;

/**
 * A place where polls wait for messages: the ring of the last ones and the polls. Guarded by the lock that {@link #enter} takes; as a
 * timer it is in the wheel of its home shard, which that shard's lock guards.
 */
public abstract class Feed extends Timer {
    public final MessageRing ring;
    public final Waiters waiters = new Waiters();

    Feed(KeysetAccount keyset) {
        ring = new MessageRing(keyset);
    }

    /** Takes the lock that guards the ring and the waiters. */
    abstract void enter();

    /** Lets go of it. */
    abstract void exit();

    /** Returns the shard whose lock guards the presence of this feed's channel, and in whose wheel this feed is. */
    abstract ShardCore home();

    /** See {@link MessageRing#hasLost}. No lock of the same rank may be held. */
    final boolean hasLost(long cursor, long horizon) {
        enter();
        try {
            return ring.hasLost(cursor, horizon);
        } finally {
            exit();
        }
    }

    /** Adds to {@code found} what came after {@code cursor} and not after {@code fence}. No lock of the same rank may be held. */
    final void collect(Subscription subscription, long cursor, long fence, List<Delivery> found) {
        enter();
        try {
            ring.collect(subscription, cursor, fence, found);
        } finally {
            exit();
        }
    }
}

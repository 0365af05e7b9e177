package dev.rollcall.engine.embedded.roster;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Joins by explicit heartbeat of the last seconds, so that a user whose heartbeat overtook their first subscribe still hears themselves join:
 * clients send both at the same time. Bounded in number and age; guarded by the lock of its shard.
 */
public final class UnheardJoins {
    private static final int CAPACITY = 1024;
    private static final long AGE_MILLIS = 10_000;

    private final ArrayDeque<UnheardJoin> joins = new ArrayDeque<>();

    void add(UnheardJoin join) {
        if (joins.size() == CAPACITY) {
            joins.removeFirst();
        }
        joins.addLast(join);
        join.lease().unheard(true);
    }

    /** Takes out the join that began {@code lease}, or returns null if it is not here. */
    @Nullable
    public UnheardJoin take(Lease lease, long now) {
        if (!lease.isUnheard()) {
            return null;
        }
        lease.unheard(false);
        trim(now);
        for (Iterator<UnheardJoin> each = joins.descendingIterator(); each.hasNext(); ) {
            UnheardJoin join = each.next();
            if (join.lease().equals(lease)) {
                each.remove();
                return join;
            }
        }
        return null;
    }

    void trim(long now) {
        for (UnheardJoin join = joins.peekFirst(); join != null; join = joins.peekFirst()) {
            if (!join.lease().isEnded() && (int) now - join.at() < AGE_MILLIS) {
                return;
            }
            joins.removeFirst();
        }
    }
}

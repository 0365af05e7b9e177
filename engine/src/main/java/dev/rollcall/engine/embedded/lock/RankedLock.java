package dev.rollcall.engine.embedded.lock;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock with a place in the one order in which locks are taken, so that no two threads can ever wait for each other. With assertions on,
 * which is so in every test, a lock that is taken out of order throws an {@link AssertionError}, whether or not another thread is there to
 * wait for; without them it costs what a {@link ReentrantLock} costs. Not re-entrant.
 */
public final class RankedLock {
    private final ReentrantLock lock = new ReentrantLock();
    private final LockRank rank;
    private final int order;

    /** Makes a lock of which a thread holds one of its rank at a time. */
    public RankedLock(LockRank rank) {
        this(rank, 0);
    }

    /**
     * Makes a lock of which a thread may hold several of its rank.
     *
     * @param order its place among those; of two with the same, only one can be held
     */
    public RankedLock(LockRank rank, int order) {
        this.rank = rank;
        this.order = order;
    }

    public void lock() {
        assert Held.mayTake(this);
        lock.lock();
        assert Held.took(this);
    }

    public void unlock() {
        // First of all: whatever may fail in the check must not leave it locked.
        lock.unlock();
        assert Held.left(this);
    }

    public boolean isHeldByCurrentThread() {
        return lock.isHeldByCurrentThread();
    }

    /** Returns whether this thread holds no ranked lock at all; for assertions where something outside is called. */
    public static boolean isNoneHeld() {
        return Held.locks().isEmpty();
    }

    /** Returns whether the last lock this thread took is of {@code rank}; for assertions. */
    public static boolean isLastHeld(LockRank rank) {
        RankedLock last = Held.locks().peekLast();
        return last != null && last.rank == rank;
    }

    private boolean isAfter(RankedLock other) {
        int byRank = rank.compareTo(other.rank);
        return byRank > 0 || byRank == 0 && order > other.order;
    }

    @Override
    public String toString() {
        return rank + "#" + order;
    }

    /** What this thread holds, in the order taken. Comes into being with the first assertion only. */
    private static final class Held {
        private static final ThreadLocal<ArrayDeque<RankedLock>> LOCKS = ThreadLocal.withInitial(ArrayDeque::new);

        static ArrayDeque<RankedLock> locks() {
            return LOCKS.get();
        }

        static boolean mayTake(RankedLock lock) {
            ArrayDeque<RankedLock> held = locks();
            for (RankedLock other : held) {
                if (!lock.isAfter(other)) {
                    throw new AssertionError("lock order: " + lock + " with " + held + " held (expected: a later one)");
                }
            }
            return true;
        }

        static boolean took(RankedLock lock) {
            locks().addLast(lock);
            return true;
        }

        static boolean left(RankedLock lock) {
            locks().removeLastOccurrence(lock);
            return true;
        }
    }
}

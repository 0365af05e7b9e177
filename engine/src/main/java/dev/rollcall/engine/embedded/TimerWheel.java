package dev.rollcall.engine.embedded;

import java.util.function.Consumer;

/**
 * Timers of one shard in three wheels of buckets: 256 of 16 ms, 256 of 4 s, 16 of 17 minutes. Scheduling, moving and cancelling cost
 * the same however many timers there are. NOT thread-safe: guarded by the shard's lock.
 *
 * <p>No timer runs before its deadline, and every call of {@link #advance} runs all that are due, up to its budget. A timer that is put
 * off stays in its bucket and is moved only when that bucket comes up, so putting off costs one write.
 */
@SuppressWarnings("ReferenceEquality") // the ends of lists are told by identity
final class TimerWheel {
    private static final int TICK_SHIFT = 4;
    private static final int SLOT_BITS = 8;
    private static final int SLOTS = 1 << SLOT_BITS;
    private static final int TOP_SLOTS = 16;

    private final Timer[] fine = sentinels(SLOTS);
    private final Timer[] middle = sentinels(SLOTS);
    private final Timer[] coarse = sentinels(TOP_SLOTS);
    private final Timer passing = new Sentinel();
    private final Consumer<RuntimeException> onFailure;

    private long now;
    private long tick;
    private int size;

    /**
     * Makes an empty wheel.
     *
     * @param now the monotonic time in milliseconds
     * @param onFailure told of a timer that threw; the others run all the same
     */
    TimerWheel(long now, Consumer<RuntimeException> onFailure) {
        this.now = now;
        this.tick = now >> TICK_SHIFT;
        this.onFailure = onFailure;
    }

    private static Timer[] sentinels(int count) {
        var sentinels = new Timer[count];
        for (int i = 0; i < count; i++) {
            sentinels[i] = new Sentinel();
        }
        return sentinels;
    }

    /** Returns the number of timers. */
    int size() {
        return size;
    }

    /** Puts a timer in that is not in; {@code deadline} is in milliseconds of the monotonic clock. */
    void schedule(Timer timer, long deadline) {
        timer.deadline = (int) deadline;
        link(timer);
        size++;
    }

    /** Moves the deadline of a timer that is in the wheel. */
    void reschedule(Timer timer, long deadline) {
        int moved = (int) deadline;
        boolean sooner = moved - timer.deadline < 0;
        timer.deadline = moved;
        if (sooner) {
            unlink(timer);
            link(timer);
        }
    }

    /** Takes a timer out; does nothing if it is not in. */
    void cancel(Timer timer) {
        if (timer.isScheduled()) {
            unlink(timer);
            size--;
        }
    }

    /**
     * Runs what is due.
     *
     * @param now the monotonic time in milliseconds
     * @param budget the most timers to run
     * @return what is left of the budget; 0 if more may be due
     */
    int advance(long now, int budget) {
        if (now - this.now > 0) {
            this.now = now;
        }
        long nowTick = this.now >> TICK_SHIFT;
        if (size == 0) {
            tick = nowTick;
            return budget;
        }
        int left = budget;
        while (tick < nowTick) {
            Timer bucket = fine[(int) tick & (SLOTS - 1)];
            left = drain(bucket, left);
            if (left == 0) {
                return 0;
            }
            if (next(bucket) != bucket) {
                // A timer that ran has scheduled another for a moment already past.
                continue;
            }
            tick++;
            cascade();
        }
        return drain(fine[(int) tick & (SLOTS - 1)], left);
    }

    /** Calls {@code action} for every timer; it may cancel the one it is given. */
    void forEach(Consumer<Timer> action) {
        for (Timer[] wheel : new Timer[][] {fine, middle, coarse}) {
            for (Timer sentinel : wheel) {
                Timer timer = next(sentinel);
                while (timer != sentinel) {
                    Timer following = next(timer);
                    action.accept(timer);
                    timer = following;
                }
            }
        }
    }

    private void cascade() {
        if ((tick & (SLOTS - 1)) != 0) {
            return;
        }
        if ((tick >> SLOT_BITS & (SLOTS - 1)) == 0) {
            relink(coarse[(int) (tick >> 2 * SLOT_BITS) & (TOP_SLOTS - 1)]);
        }
        relink(middle[(int) (tick >> SLOT_BITS) & (SLOTS - 1)]);
    }

    private void relink(Timer bucket) {
        moveAll(bucket, passing);
        for (Timer timer = next(passing); timer != passing; timer = next(passing)) {
            unlink(timer);
            link(timer);
        }
    }

    /** Runs the due timers of a bucket and files the others where they belong by now. */
    private int drain(Timer bucket, int budget) {
        if (next(bucket) == bucket) {
            return budget;
        }
        moveAll(bucket, passing);
        int left = budget;
        for (Timer timer = next(passing); timer != passing; timer = next(passing)) {
            if (left == 0) {
                moveAll(passing, bucket);
                return 0;
            }
            unlink(timer);
            if (timer.deadline - (int) now > 0) {
                link(timer);
                continue;
            }
            size--;
            left--;
            run(timer);
        }
        return left;
    }

    private void run(Timer timer) {
        try {
            timer.onDue(now);
        } catch (RuntimeException e) {
            onFailure.accept(e);
        }
    }

    private void link(Timer timer) {
        int wait = timer.deadline - (int) now;
        // What is overdue goes into the bucket at hand, which the next advance looks at first.
        long due = Math.max(wait <= 0 ? tick : now + wait >> TICK_SHIFT, tick);
        Timer bucket;
        if (due - tick < SLOTS) {
            bucket = fine[(int) due & (SLOTS - 1)];
        } else if ((due >> SLOT_BITS) - (tick >> SLOT_BITS) < SLOTS) {
            bucket = middle[(int) (due >> SLOT_BITS) & (SLOTS - 1)];
        } else {
            // Beyond the last bucket it comes up early and is filed again.
            long top = Math.min(due >> 2 * SLOT_BITS, (tick >> 2 * SLOT_BITS) + TOP_SLOTS - 1);
            bucket = coarse[(int) top & (TOP_SLOTS - 1)];
        }
        Timer last = previous(bucket);
        last.nextTimer = timer;
        timer.previousTimer = last;
        timer.nextTimer = bucket;
        bucket.previousTimer = timer;
    }

    private static void unlink(Timer timer) {
        Timer before = previous(timer);
        Timer after = next(timer);
        before.nextTimer = after;
        after.previousTimer = before;
        timer.previousTimer = null;
        timer.nextTimer = null;
    }

    /** Puts all of {@code from} in front of {@code to}. */
    private static void moveAll(Timer from, Timer to) {
        Timer first = next(from);
        if (first == from) {
            return;
        }
        Timer last = previous(from);
        Timer following = next(to);
        to.nextTimer = first;
        first.previousTimer = to;
        last.nextTimer = following;
        following.previousTimer = last;
        from.nextTimer = from;
        from.previousTimer = from;
    }

    private static Timer next(Timer timer) {
        Timer next = timer.nextTimer;
        if (next == null) {
            throw new IllegalStateException("timer: not scheduled (expected: in the wheel)");
        }
        return next;
    }

    private static Timer previous(Timer timer) {
        Timer previous = timer.previousTimer;
        if (previous == null) {
            throw new IllegalStateException("timer: not scheduled (expected: in the wheel)");
        }
        return previous;
    }

    /** Holds the two ends of a bucket's list. */
    private static final class Sentinel extends Timer {
        Sentinel() {
            previousTimer = this;
            nextTimer = this;
        }

        @Override
        void onDue(long now) {
            throw new IllegalStateException("a bucket does not fall due");
        }
    }
}

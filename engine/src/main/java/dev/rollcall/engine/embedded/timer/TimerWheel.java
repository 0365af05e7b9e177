package dev.rollcall.engine.embedded.timer;

import dev.rollcall.engine.embedded.work.Failures;
import java.util.IdentityHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Timers of one shard in three wheels of buckets: 256 of 16 ms, 256 of 4 s, 16 of 17 minutes. Scheduling, moving and cancelling cost
 * the same however many timers there are. NOT thread-safe: guarded by the shard's lock.
 *
 * <p>No timer runs before its deadline, and calls of {@link #advance} run all that are due, each up to its budget: what it leaves, in
 * the middle of a bucket or of a turn of a larger wheel, the next one goes on with. A timer that is put off stays in its bucket and is
 * moved only when that bucket comes up, so putting off costs one write.
 */
@SuppressWarnings("ReferenceEquality") // the ends of lists are told by identity
public final class TimerWheel {
    private static final int TICK_SHIFT = 4;
    private static final int SLOT_BITS = 8;
    private static final int SLOTS = 1 << SLOT_BITS;
    private static final int TOP_SLOTS = 16;

    /** After how long a timer is run again whose action failed; doubles with every further failure, up to a minute. */
    private static final long RETRY_MILLIS = 1000;

    private static final int MOST_DOUBLINGS = 6;

    private final Timer[] fine = sentinels(SLOTS);
    private final Timer[] middle = sentinels(SLOTS);
    private final Timer[] coarse = sentinels(TOP_SLOTS);
    /** Timers taken out of a bucket, to be run or filed anew; what a budget leaves of them is first when it goes on. */
    private final Timer passing = new Sentinel();

    /** How often in a row the actions of timers failed that are to be tried again; of hardly any, hardly ever. */
    private final IdentityHashMap<Timer, Integer> failed = new IdentityHashMap<>();

    private final Consumer<Throwable> onFailure;

    private long now;
    private long tick;
    private int size;

    /** How many of the larger wheels have a bucket that belongs to the tick at hand and is not taken apart yet. */
    private int toCascade;

    /** Whether the bucket at hand has been looked through at {@link #now}. */
    private boolean lookedThrough;

    /**
     * Makes an empty wheel.
     *
     * @param now the monotonic time in milliseconds
     * @param onFailure told of a timer that threw; the others run all the same, and that one again after a while if it has not been
     *     scheduled
     */
    public TimerWheel(long now, Consumer<Throwable> onFailure) {
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
    public void schedule(Timer timer, long deadline) {
        timer.deadline = (int) deadline;
        link(timer);
        size++;
    }

    /** Moves the deadline of a timer that is in the wheel. */
    public void reschedule(Timer timer, long deadline) {
        int moved = (int) deadline;
        boolean sooner = moved - timer.deadline < 0;
        timer.deadline = moved;
        if (sooner) {
            unlink(timer);
            link(timer);
        }
    }

    /** Takes a timer out; does nothing if it is not in. */
    public void cancel(Timer timer) {
        if (timer.isScheduled()) {
            unlink(timer);
            size--;
        }
        if (!failed.isEmpty()) {
            failed.remove(timer);
        }
    }

    /**
     * Runs what is due.
     *
     * @param now the monotonic time in milliseconds
     * @param budget the most timers to touch, be it to run them or to file them where they belong by now
     * @return what is left of the budget; 0 if more may be due
     */
    public int advance(long now, int budget) {
        if (now - this.now > 0) {
            this.now = now;
            lookedThrough = false;
        }
        long nowTick = this.now >> TICK_SHIFT;
        int left = budget;
        while (true) {
            left = pass(left);
            if (left <= 0) {
                return 0;
            }
            if (size == 0) {
                tick = nowTick;
                toCascade = 0;
                return left;
            }
            if (toCascade > 0) {
                toCascade--;
                moveAll(
                        toCascade == 1
                                ? coarse[(int) (tick >> 2 * SLOT_BITS) & (TOP_SLOTS - 1)]
                                : middle[(int) (tick >> SLOT_BITS) & (SLOTS - 1)],
                        passing);
                continue;
            }
            Timer bucket = fine[(int) tick & (SLOTS - 1)];
            boolean isLast = tick == nowTick;
            if (isLast && lookedThrough) {
                return left;
            }
            if (isLast || next(bucket) != bucket) {
                // What is not due yet, or was scheduled for a moment already past meanwhile, is put in this bucket
                // again.
                lookedThrough = isLast;
                moveAll(bucket, passing);
                continue;
            }
            tick++;
            if ((tick & (SLOTS - 1)) == 0) {
                toCascade = (tick >> SLOT_BITS & (SLOTS - 1)) == 0 ? 2 : 1;
                // Turns of empty buckets count, but a quarter of an hour of them no more than a timer.
                left -= toCascade - 1;
            }
        }
    }

    /**
     * Returns the earliest deadline there is, in milliseconds of the monotonic clock, or {@link Long#MAX_VALUE} without a timer. For
     * whoever moves time from one deadline to the next: it looks through buckets, where {@link #advance} takes one after the other.
     */
    public long earliest() {
        long[] earliest = {Long.MAX_VALUE};
        forEachUpTo(
                () -> earliest[0], timer -> earliest[0] = Math.min(earliest[0], now + (timer.deadline - (int) now)));
        return earliest[0];
    }

    /** Calls {@code action} for every timer with a deadline of {@code last} or before. It may not change the wheel. */
    public void forEachDueBy(long last, Consumer<Timer> action) {
        forEachUpTo(() -> last, timer -> {
            if (now + (timer.deadline - (int) now) <= last) {
                action.accept(timer);
            }
        });
    }

    /** Looks through all buckets that may have a deadline up to {@code last}, which may come nearer meanwhile. */
    private void forEachUpTo(LongSupplier last, Consumer<Timer> action) {
        if (size == 0) {
            return;
        }
        forEach(passing, action);
        // What is put off stays in its bucket, so a bucket's own time is the soonest for what is in it.
        for (long at = tick; at < tick + SLOTS && at << TICK_SHIFT <= last.getAsLong(); at++) {
            forEach(fine[(int) at & (SLOTS - 1)], action);
        }
        // Those that belong to the tick at hand may not have been taken apart yet.
        long turn = tick >> SLOT_BITS;
        for (long at = turn; at < turn + SLOTS && at << SLOT_BITS + TICK_SHIFT <= last.getAsLong(); at++) {
            forEach(middle[(int) at & (SLOTS - 1)], action);
        }
        long top = tick >> 2 * SLOT_BITS;
        for (long at = top; at < top + TOP_SLOTS && at << 2 * SLOT_BITS + TICK_SHIFT <= last.getAsLong(); at++) {
            forEach(coarse[(int) at & (TOP_SLOTS - 1)], action);
        }
    }

    /** Calls {@code action} for every timer; it may cancel the one it is given. */
    public void forEach(Consumer<Timer> action) {
        forEach(passing, action);
        for (Timer[] wheel : new Timer[][] {fine, middle, coarse}) {
            for (Timer sentinel : wheel) {
                forEach(sentinel, action);
            }
        }
    }

    private static void forEach(Timer sentinel, Consumer<Timer> action) {
        Timer timer = next(sentinel);
        while (timer != sentinel) {
            Timer following = next(timer);
            action.accept(timer);
            timer = following;
        }
    }

    /** Runs those of the timers taken out that are due, files the others, and returns what is left of the budget. */
    private int pass(int budget) {
        int left = budget;
        for (Timer timer = next(passing); timer != passing && left > 0; timer = next(passing)) {
            left--;
            unlink(timer);
            if (timer.deadline - (int) now > 0) {
                link(timer);
            } else {
                size--;
                run(timer);
            }
        }
        return left;
    }

    private void run(Timer timer) {
        try {
            timer.onDue(now);
            if (!failed.isEmpty()) {
                failed.remove(timer);
            }
        } catch (Throwable e) {
            if (!timer.isScheduled()) {
                int times = failed.merge(timer, 1, Integer::sum);
                schedule(timer, now + (RETRY_MILLIS << Math.min(times - 1, MOST_DOUBLINGS)));
            }
            onFailure.accept(e);
            Failures.rethrowIfFatal(e);
        }
    }

    private void link(Timer timer) {
        int wait = timer.deadline - (int) now;
        if (wait <= 0) {
            lookedThrough = false;
        }
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
        public void onDue(long now) {
            throw new IllegalStateException("a bucket does not fall due");
        }
    }
}

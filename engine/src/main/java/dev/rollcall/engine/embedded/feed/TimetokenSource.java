package dev.rollcall.engine.embedded.feed;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.protocol.Timetoken;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands out timetokens that follow the clock and always increase, even when the clock is set back. Safe from any thread.
 *
 * <p>How feeds of different shards are read as one: whoever posts a message takes {@link #next} while they hold the lock of its feed and
 * appends before they let go. So once a reader has taken a {@link #fence}, every message up to it is either in its feed already or will be
 * before the reader gets that feed's lock. Reading the feeds one after the other, up to the fence, misses nothing.
 */
public final class TimetokenSource {
    private final EngineTime time;
    private final AtomicLong last = new AtomicLong();

    public TimetokenSource(EngineTime time) {
        this.time = time;
    }

    /** Returns a timetoken greater than all before. To be called with the locks of all feeds held that the message goes into. */
    long next() {
        long floor = Timetoken.ofEpochMillis(time.epochMillis()).value();
        while (true) {
            long before = last.get();
            long next = Math.max(before + 1, floor);
            if (last.compareAndSet(before, next)) {
                return next;
            }
        }
    }

    /** Has every timetoken from now on be greater than {@code timetoken}. */
    public void startAfter(long timetoken) {
        last.accumulateAndGet(timetoken, Math::max);
    }

    /** Returns a timetoken that is not smaller than any before and smaller than all that {@link #next} will return. */
    public long fence() {
        long floor = Timetoken.ofEpochMillis(time.epochMillis()).value();
        while (true) {
            long before = last.get();
            if (before >= floor || last.compareAndSet(before, floor)) {
                return Math.max(before, floor);
            }
        }
    }
}

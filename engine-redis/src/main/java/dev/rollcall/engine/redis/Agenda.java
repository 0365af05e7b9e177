package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineTime;
import java.util.Comparator;
import java.util.PriorityQueue;

/** What is to be done later, at moments of the monotonic clock. Owned by the hub's thread. */
final class Agenda {
    private final EngineTime time;
    private final PriorityQueue<Entry> entries = new PriorityQueue<>(Comparator.comparingLong(Entry::at));

    Agenda(EngineTime time) {
        this.time = time;
    }

    private record Entry(long at, Runnable action) {}

    /** Has something done once so many milliseconds have passed. */
    void after(long millis, Runnable action) {
        entries.add(new Entry(time.monotonicMillis() + millis, action));
    }

    /** Does the first that is due at {@code now}, and returns whether there was one. */
    boolean runNext(long now) {
        Entry first = entries.peek();
        if (first == null || first.at - now > 0) {
            return false;
        }
        entries.remove();
        first.action.run();
        return true;
    }

    /** Returns when there is something to do next, or {@link Long#MAX_VALUE}. */
    long next() {
        Entry first = entries.peek();
        return first == null ? Long.MAX_VALUE : first.at;
    }
}

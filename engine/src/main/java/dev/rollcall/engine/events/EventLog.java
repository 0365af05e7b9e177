package dev.rollcall.engine.events;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The stream of events of one node: a ring that engines fill and readers take from. Every event has a number; a reader is no more than the
 * number it goes on from, so a slow one holds nothing. Safe from any thread. Its lock is held for copying a few references, and nothing is
 * called under it.
 */
public final class EventLog implements EventStream {
    /** The most bytes of events that are kept, where the budget allows as much. */
    static final long MOST_BYTES = 8L * 1024 * 1024;

    /** How many events are taken from the ring while its lock is held. */
    private static final int SLICE = 256;

    /** How many events one call of a reader looks at. */
    private static final int MOST_LOOKED_AT = 4096;

    private static final int SMALLEST = 64;
    private static final long KEPT_MILLIS = KEPT_SECONDS * 1000L;

    private final EngineTime time;
    private final MemoryBudget memory;
    private final LongSupplier newest;
    private final Consumer<Throwable> failed;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Reader> readers = new ArrayList<>();

    /** Whether there is, or was of late, somebody to record for. */
    private volatile boolean recording;

    // All below is guarded by the lock. Event number n stands at n modulo the length, which is a power of two.
    private Event[] ring = new Event[0];
    private long[] recordedAt = new long[0];
    private long first;
    private long next;
    private long bytes;

    /** The highest timetoken that is forgotten, or before which nothing was recorded. */
    private long lostUpTo;

    private long idleSince;

    /**
     * Makes an empty log that records nothing yet.
     *
     * @param time the clocks
     * @param memory what events are counted in, as {@link MemoryKind#EVENTS}
     * @param newest returns the latest timetoken that the engine knows of: whatever happened up to there is not recorded when that begins
     * @param failed is told what an {@code onReady} threw
     */
    public EventLog(EngineTime time, MemoryBudget memory, LongSupplier newest, Consumer<Throwable> failed) {
        this.time = time;
        this.memory = memory;
        this.newest = newest;
        this.failed = failed;
    }

    /** Returns whether events are wanted: a look at a field. Whoever gets false need not even make the event. */
    public boolean isRecording() {
        return recording;
    }

    /**
     * Records an event, if events are wanted, and has readers told. Those of one channel are to be brought one after the other, in the order
     * of their timetokens. No lock may be held.
     */
    public void append(Event event) {
        List<Reader> waiting = List.of();
        lock.lock();
        try {
            if (!recording) {
                return;
            }
            add(event);
            for (Reader reader : readers) {
                if (reader.armed) {
                    reader.armed = false;
                    waiting = waiting.isEmpty() ? new ArrayList<>(readers.size()) : waiting;
                    waiting.add(reader);
                }
            }
        } finally {
            lock.unlock();
        }
        waiting.forEach(this::tell);
    }

    /** Takes note that events up to {@code timetoken} may be missing here, for the engine itself could not keep up. No lock may be held. */
    public void skip(long timetoken) {
        lock.lock();
        try {
            if (recording) {
                while (next > first) {
                    forgetFirst();
                }
                // As one event that nobody will ever see, so that whoever is up to date finds a gap too.
                first++;
                next++;
                lostUpTo = Math.max(lostUpTo, timetoken);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Forgets what is too old, and all once nobody has read for long. To be called every second or so, or more often. */
    public void tend() {
        if (!recording) {
            return;
        }
        lock.lock();
        try {
            long now = time.monotonicMillis();
            trim(now);
            if (readers.isEmpty() && now - idleSince >= KEPT_MILLIS) {
                while (next > first) {
                    forgetFirst();
                }
                ring = new Event[0];
                recordedAt = new long[0];
                recording = false;
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public EventReader open(long after, Predicate<Event> filter, Runnable onReady) {
        Reader reader = new Reader(filter, onReady);
        lock.lock();
        try {
            if (!recording) {
                recording = true;
                lostUpTo = Math.max(lostUpTo, newest.getAsLong());
            }
            place(reader, after);
            readers.add(reader);
        } finally {
            lock.unlock();
        }
        return reader;
    }

    /** Finds where a reader goes on. Lock held. */
    private void place(Reader reader, long after) {
        reader.position = after;
        reader.number = next;
        if (after == FROM_NOW) {
            reader.position = next > first ? at(next - 1).timetoken() : lostUpTo;
            return;
        }
        // Events of different channels may stand in another order than that of their timetokens, so the very one is
        // looked for.
        for (long number = next - 1; number >= first; number--) {
            if (at(number).timetoken() == after) {
                reader.number = number + 1;
                return;
            }
        }
        if (after < lostUpTo) {
            reader.missesSome = true;
            reader.number = first;
        } else if (after == lostUpTo) {
            reader.number = first;
        } else {
            reader.notUpTo = after;
            reader.number = first;
            reader.notBefore = next;
        }
    }

    @Override
    public int readers() {
        lock.lock();
        try {
            return readers.size();
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many events can be read; for tests. */
    int size() {
        lock.lock();
        try {
            return (int) (next - first);
        } finally {
            lock.unlock();
        }
    }

    private void add(Event event) {
        long now = time.monotonicMillis();
        trim(now);
        long more = EventFootprint.of(event);
        if (next - first == MOST_EVENTS) {
            forgetFirst();
        }
        while (next > first && (bytes + more > MOST_BYTES || !memory.fits(MemoryKind.EVENTS, more))) {
            forgetFirst();
        }
        if (!memory.fits(MemoryKind.EVENTS, more)) {
            memory.forgot(MemoryKind.EVENTS);
            first++;
            next++;
            lostUpTo = Math.max(lostUpTo, event.timetoken());
            return;
        }
        if (next - first == ring.length) {
            grow();
        }
        int slot = slot(next);
        ring[slot] = event;
        recordedAt[slot] = now;
        next++;
        bytes += more;
        memory.add(MemoryKind.EVENTS, more);
    }

    private void trim(long now) {
        while (next > first && now - recordedAt[slot(first)] >= KEPT_MILLIS) {
            forgetFirst();
        }
    }

    @SuppressWarnings("NullAway") // what is empty is between next and first only
    private void forgetFirst() {
        int slot = slot(first);
        Event event = ring[slot];
        ring[slot] = null;
        first++;
        long less = EventFootprint.of(event);
        bytes -= less;
        memory.add(MemoryKind.EVENTS, -less);
        lostUpTo = Math.max(lostUpTo, event.timetoken());
    }

    private void grow() {
        int length = Math.max(SMALLEST, ring.length * 2);
        Event[] larger = new Event[length];
        long[] times = new long[length];
        for (long number = first; number < next; number++) {
            larger[(int) (number & length - 1)] = at(number);
            times[(int) (number & length - 1)] = recordedAt[slot(number)];
        }
        ring = larger;
        recordedAt = times;
    }

    private Event at(long number) {
        return ring[slot(number)];
    }

    private int slot(long number) {
        return (int) (number & ring.length - 1);
    }

    private void tell(Reader reader) {
        if (reader.isOver) {
            return;
        }
        try {
            reader.onReady.run();
        } catch (Throwable e) {
            FatalErrors.check(e);
            failed.accept(e);
        }
    }

    /** The place of one reader. What says nothing else is guarded by the lock of the log. */
    private final class Reader implements EventReader {
        private final Predicate<Event> filter;
        private final Runnable onReady;

        /** The number of the event it goes on from. */
        private long number;

        /** Whether it is to be told of the next event. */
        private boolean armed;

        /** Whether what it has missed is told with the next reading. */
        private boolean missesSome;

        /** What stood in the ring before {@link #notBefore} when it was opened is passed over up to this timetoken. */
        private long notUpTo;

        private long notBefore;

        /** Written by the thread that reads only. */
        private volatile long position;

        private volatile boolean isOver;

        Reader(Predicate<Event> filter, Runnable onReady) {
            this.filter = filter;
            this.onReady = onReady;
        }

        @Override
        public List<StreamItem> read(int most) {
            if (most < 1) {
                throw new IllegalArgumentException("most: " + most + " (expected: at least 1)");
            }
            List<StreamItem> items = new ArrayList<>();
            List<Event> slice = new ArrayList<>(Math.min(most, SLICE));
            int left = MOST_LOOKED_AT;
            while (items.size() < most && !isOver) {
                slice.clear();
                Gap gap = take(slice, Math.min(SLICE, most - items.size()));
                if (gap != null) {
                    items.add(gap);
                    position = gap.timetoken();
                }
                if (slice.isEmpty() && gap == null) {
                    return items;
                }
                for (Event event : slice) {
                    if (filter.test(event)) {
                        items.add(event);
                    }
                    position = event.timetoken();
                }
                left -= slice.size();
                if (left <= 0 && items.size() < most) {
                    // There may be more at once, for which nobody would come.
                    tell(this);
                    return items;
                }
            }
            return items;
        }

        /** Takes the next events, and returns the gap before them, or null. Where there is neither, the reader is armed. */
        private @Nullable Gap take(List<Event> slice, int most) {
            lock.lock();
            try {
                Gap gap = null;
                if (number < first || missesSome) {
                    gap = new Gap(lostUpTo, missesSome ? Gap.UNKNOWN : first - number);
                    missesSome = false;
                    number = first;
                    // As many events beside it as there is room for.
                    most--;
                }
                while (number < next && slice.size() < most) {
                    Event event = at(number);
                    if (number >= notBefore || event.timetoken() > notUpTo) {
                        slice.add(event);
                    }
                    number++;
                }
                armed = gap == null && slice.isEmpty();
                return gap;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                isOver = true;
                if (readers.remove(this) && readers.isEmpty()) {
                    idleSince = time.monotonicMillis();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}

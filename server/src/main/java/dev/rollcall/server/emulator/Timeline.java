package dev.rollcall.server.emulator;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.Timetoken;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Every presence event since the start or the last reset, in the order in which it happened; the last {@value #MOST} of them. What falls
 * due at the same millisecond in different channels is in the order of their names. Safe from any thread.
 */
public final class Timeline {
    /** The most entries that are kept. */
    public static final int MOST = 100_000;

    private static final Comparator<Noted> BY_NAME =
            Comparator.comparing((Noted noted) -> noted.key.value()).thenComparing(noted -> noted.channel.name());

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final ArrayDeque<TimelineEntry> entries = new ArrayDeque<>();
    private final LongSupplier epochMillis;
    private final CopyOnWriteArrayList<Runnable> watchers = new CopyOnWriteArrayList<>();
    private long lastTimetoken;
    private long lostUpTo;
    private long dropped;
    private int generation;

    /** What came up while the thread that moves the clock did what was due; null while it does not. */
    private @Nullable List<Noted> due;

    private @Nullable Thread mover;

    private record Noted(SubscribeKey key, Channel channel, PresenceEvent event) {}

    Timeline(LongSupplier epochMillis) {
        this.epochMillis = epochMillis;
    }

    /** Adds what happened in the engine of a generation; nothing of one that was reset since. */
    void add(int of, SubscribeKey key, Channel channel, PresenceEvent event) {
        lock.lock();
        try {
            if (of != generation) {
                return;
            }
            Noted noted = new Noted(key, channel, event);
            List<Noted> batch = due;
            if (batch != null && Thread.currentThread().equals(mover)) {
                batch.add(noted);
            } else {
                append(noted);
                added.signalAll();
            }
        } finally {
            lock.unlock();
        }
        watchers.forEach(Runnable::run);
    }

    /** Has an action run whenever entries were added, on the thread that added them: it must be quick, like the submission of a task. */
    public void watch(Runnable action) {
        watchers.add(action);
    }

    /** Has an action run no more. */
    public void unwatch(Runnable action) {
        watchers.remove(action);
    }

    /** Does what is due at one millisecond. The order in which an engine looks at its channels is another in each process. */
    void sorted(Runnable work) {
        lock.lock();
        try {
            due = new ArrayList<>();
            mover = Thread.currentThread();
        } finally {
            lock.unlock();
        }
        try {
            work.run();
        } finally {
            lock.lock();
            try {
                List<Noted> batch = due == null ? List.of() : due;
                due = null;
                mover = null;
                batch.stream().sorted(BY_NAME).forEach(this::append);
                if (!batch.isEmpty()) {
                    added.signalAll();
                }
            } finally {
                lock.unlock();
            }
            watchers.forEach(Runnable::run);
        }
    }

    private void append(Noted noted) {
        if (entries.size() == MOST) {
            lostUpTo = entries.removeFirst().timetoken();
            dropped++;
        }
        long now = epochMillis.getAsLong();
        lastTimetoken = Math.max(lastTimetoken + 1, Timetoken.ofEpochMillis(now).value());
        entries.addLast(TimelineEntry.of(lastTimetoken, now, noted.key, noted.channel, noted.event));
    }

    /** Returns how many times everything was forgotten. */
    public int generation() {
        lock.lock();
        try {
            return generation;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all entries, and takes only those of this generation from now on. */
    void begin(int next) {
        lock.lock();
        try {
            generation = next;
            entries.clear();
            dropped = 0;
            lostUpTo = 0;
            if (due != null) {
                due.clear();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns all entries. */
    public List<TimelineEntry> entries() {
        lock.lock();
        try {
            return new ArrayList<>(entries);
        } finally {
            lock.unlock();
        }
    }

    /** Returns the entries after a timetoken, the first {@code most} of those that match. */
    public List<TimelineEntry> since(long timetoken, Predicate<TimelineEntry> matches, int most) {
        lock.lock();
        try {
            return entries.stream()
                    .filter(entry -> entry.timetoken() > timetoken && matches.test(entry))
                    .limit(most)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many entries were forgotten because there were too many. */
    public long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the timetoken of the last entry that was forgotten because there were too many, 0 if none was. */
    public long lostUpTo() {
        lock.lock();
        try {
            return lostUpTo;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the timetoken of the last entry there ever was, 0 if there was none. */
    public long lastTimetoken() {
        lock.lock();
        try {
            return lastTimetoken;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits, in real time, until the entries satisfy a condition.
     *
     * @return whether they do; false after {@code nanos} nanoseconds
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean await(Predicate<List<TimelineEntry>> condition, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (!condition.test(new ArrayList<>(entries))) {
                if (left <= 0) {
                    return false;
                }
                left = added.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}

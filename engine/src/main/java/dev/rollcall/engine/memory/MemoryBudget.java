package dev.rollcall.engine.memory;

import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many bytes a server holds for its clients, by kind, and how many it may. Whoever keeps something adds its bytes when it comes and
 * takes them off when it goes; the bytes are estimates from constants that stand beside what they are of. Safe from any thread.
 *
 * <p>Adding costs a few nanoseconds and is not fought over: threads count for themselves and hand in what they have when it is worth
 * while. So what is used is known to within {@link #slack} at any time, and exactly in metrics.
 *
 * <p>Every kind has a part that it may not exceed. What is new is taken in until four fifths of the budget are held. The last fifth is for
 * what those who are here already need, their polls and the answers on the way to them ({@link #fitsForThoseHere}), and for a twentieth of
 * each part which no other kind can take from it. So all that is held stays within the budget.
 *
 * <p>Above {@link #isNear} whoever keeps what may be forgotten forgets the oldest of it. At {@link #isFull} what is new is refused; what
 * is there is served as ever.
 */
public final class MemoryBudget {
    private static final int CELLS = 16;
    private static final int KINDS = MemoryKind.values().length;

    /** Cells are so far apart, two cache lines, that threads do not meet in one. */
    private static final int STRIDE = (KINDS + 15) / 16 * 16;

    private static final int NEAR_PERCENT = 85;

    /** Of each kind this part of its part has room though the others have used up the budget. */
    private static final int FLOOR = 20;

    /** This part of the budget is for what is new. The floors of all kinds together fit into the rest. */
    private static final int SHARED_PERCENT = 80;

    private static final long MOST_HELD_BACK = 32 * 1024;
    private static final long PARTS = 4096;

    /** What the texts that refuse somebody begin with, and the name of the setting. */
    public static final String SETTING = "memory-budget";

    private final long limit;
    private final long shared;
    private final long heldBack;
    private final long[] most = new long[KINDS];

    /** For each thread's cell, and in it for each kind, what is not handed in yet. */
    private final AtomicLongArray cells = new AtomicLongArray(CELLS * STRIDE);

    private final AtomicLong total = new AtomicLong();
    private final AtomicLong[] totals = new AtomicLong[KINDS];
    private final LongAdder[] refused = new LongAdder[KINDS];
    private final LongAdder[] forgotten = new LongAdder[KINDS];

    /**
     * Makes an empty account.
     *
     * @param limit the most bytes, more than 0
     */
    public MemoryBudget(long limit) {
        if (limit <= 0) {
            throw new IllegalArgumentException(SETTING + ": " + limit + " (expected: > 0)");
        }
        this.limit = limit;
        shared = percentOf(limit, SHARED_PERCENT);
        heldBack = Math.max(1, Math.min(MOST_HELD_BACK, limit / PARTS));
        for (MemoryKind kind : MemoryKind.values()) {
            totals[kind.index] = new AtomicLong();
            refused[kind.index] = new LongAdder();
            forgotten[kind.index] = new LongAdder();
            most[kind.index] = percentOf(limit, kind.percent());
        }
    }

    private static long percentOf(long bytes, int percent) {
        return bytes / 100 * percent + bytes % 100 * percent / 100;
    }

    /** Returns an account that never refuses anything. */
    public static MemoryBudget unlimited() {
        return new MemoryBudget(Long.MAX_VALUE);
    }

    /** Takes down that {@code bytes} more are held; negative for less. */
    public void add(MemoryKind kind, long bytes) {
        if (bytes == 0) {
            return;
        }
        int thread = (int) Thread.currentThread().getId() & CELLS - 1;
        int cell = thread * STRIDE + kind.index;
        long here = cells.addAndGet(cell, bytes);
        if (here >= heldBack || here <= -heldBack) {
            handIn(cell, kind);
        }
    }

    private void handIn(int cell, MemoryKind kind) {
        long here = cells.getAndSet(cell, 0);
        totals[kind.index].addAndGet(here);
        total.addAndGet(here);
    }

    /** Returns how many bytes of a kind are held. */
    public long used(MemoryKind kind) {
        long sum = totals[kind.index].get();
        for (int thread = 0; thread < CELLS; thread++) {
            sum += cells.get(thread * STRIDE + kind.index);
        }
        return sum;
    }

    /** Returns how many bytes are held. */
    public long used() {
        long sum = 0;
        for (MemoryKind kind : MemoryKind.values()) {
            sum += used(kind);
        }
        return sum;
    }

    /** Returns how many bytes may be held. */
    public long limit() {
        return limit;
    }

    /** Returns how many bytes of a kind may be held. */
    public long limit(MemoryKind kind) {
        return most[kind.index];
    }

    /** Returns by how much {@link #isNear} and {@link #isFull} may be wrong, in bytes. */
    public long slack() {
        return heldBack * CELLS * KINDS;
    }

    /** Returns whether so much is held, of the kind or in all, that what may be forgotten of the kind should be. Two looks at a field. */
    public boolean isNear(MemoryKind kind) {
        long used = totals[kind.index].get();
        return isOver(used, most[kind.index], NEAR_PERCENT)
                || isOver(used, floor(kind), NEAR_PERCENT) && isOver(total.get(), shared, NEAR_PERCENT);
    }

    /** Returns whether nothing new of the kind may be kept. Two looks at a field. */
    public boolean isFull(MemoryKind kind) {
        return !fits(kind, 1);
    }

    private static boolean isOver(long used, long most, int percent) {
        return used > most / 100 * percent;
    }

    private long floor(MemoryKind kind) {
        return most[kind.index] / FLOOR;
    }

    /** Returns whether something new of so many bytes may be kept. Two looks at a field. */
    public boolean fits(MemoryKind kind, long bytes) {
        long after = totals[kind.index].get() + bytes;
        return after <= floor(kind) || after <= most[kind.index] && total.get() + bytes <= shared;
    }

    /** Returns whether so many bytes more may be kept for somebody who is here already: the last fifth of the budget is for them too. */
    public boolean fitsForThoseHere(MemoryKind kind, long bytes) {
        long after = totals[kind.index].get() + bytes;
        return after <= floor(kind) || after <= most[kind.index] && total.get() + bytes <= limit;
    }

    /** Returns whether the part of a kind has room for so many bytes, whatever the others hold: for what only operators can make. */
    public boolean fitsPart(MemoryKind kind, long bytes) {
        return totals[kind.index].get() + bytes <= most[kind.index];
    }

    /**
     * Returns whether something new of so many bytes may be kept, and takes down a refusal if not.
     *
     * @param bytes for what is large; what is small need not be added up exactly and may be 0
     */
    public boolean hasRoom(MemoryKind kind, long bytes) {
        if (fits(kind, bytes)) {
            return true;
        }
        refused[kind.index].increment();
        return false;
    }

    /**
     * Refuses something new if there is no room for it.
     *
     * @throws ProtocolException of {@link ErrorCode#UNAVAILABLE}, which makes sense to try again in a while
     */
    public void require(MemoryKind kind, long bytes) {
        if (!hasRoom(kind, bytes)) {
            throw refusal(kind);
        }
    }

    /** Returns the refusal of what there is no room for. */
    public static ProtocolException refusal(MemoryKind kind) {
        return new ProtocolException(
                ErrorCode.UNAVAILABLE,
                ErrorCode.UNAVAILABLE.text() + ", " + SETTING + ": no room for more " + kind.label());
    }

    /** Takes off all that an engine holds, for another that begins anew. No engine may be using it. */
    public void forgetEngine() {
        for (MemoryKind kind : MemoryKind.values()) {
            if (kind.isOfEngine()) {
                add(kind, -used(kind));
            }
        }
    }

    /** Takes down that something was forgotten earlier than it would have been. */
    public void forgot(MemoryKind kind) {
        forgotten[kind.index].increment();
    }

    /** Takes down that something new was refused. */
    public void refused(MemoryKind kind) {
        refused[kind.index].increment();
    }

    /** Returns how often something new of a kind was refused. */
    public long refusals(MemoryKind kind) {
        return refused[kind.index].sum();
    }

    /** Returns how many of a kind were forgotten early. */
    public long forgotten(MemoryKind kind) {
        return forgotten[kind.index].sum();
    }
}

package dev.rollcall.engine.embedded.table;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A hash table whose entries carry their own chain link, so that an entry costs one array slot and nothing else. Subclasses look up by
 * whatever their entries are told apart by. NOT thread-safe: guarded by its owner's lock.
 *
 * @param <E> the entries
 */
public abstract class ChainedTable<E> {
    /** Entries for each slot when the table grows: an array slot less is worth a comparison more. */
    public static final int CHAIN_LENGTH = 2;

    /** Where a {@link #walk} begins and ends. */
    public static final int START = 0;

    private static final int SMALLEST = 16;

    private @Nullable Object[] slots = new Object[SMALLEST];
    private int size;

    public abstract int hash(E entry);

    public abstract @Nullable E next(E entry);

    public abstract void setNext(E entry, @Nullable E next);

    public final int size() {
        return size;
    }

    /** Returns the first entry of the chain that {@code hash} falls into. */
    @SuppressWarnings("unchecked")
    public final @Nullable E first(int hash) {
        return (E) slots[slot(hash)];
    }

    /** Adds an entry that is not in. */
    public final void add(E entry) {
        add(entry, hash(entry));
    }

    /** Adds an entry that is not in, where the caller knows its hash. */
    public final void add(E entry, int hash) {
        if (size >= slots.length * CHAIN_LENGTH) {
            resize(slots.length * 2);
        }
        int slot = slot(hash);
        setNext(entry, chain(slot));
        slots[slot] = entry;
        size++;
    }

    /** Removes an entry that is in. */
    public final void remove(E entry) {
        removeAt(hash(entry), entry);
    }

    /** Removes an entry that is in, where the caller knows its hash. */
    @SuppressWarnings("ReferenceEquality") // an entry is equal to itself only
    public final void removeAt(int hash, E entry) {
        int slot = slot(hash);
        E before = null;
        for (E at = chain(slot); at != entry; at = next(at)) {
            if (at == null) {
                throw new IllegalStateException("entry: not in the table (expected: added before)");
            }
            before = at;
        }
        if (before == null) {
            slots[slot] = next(entry);
        } else {
            setNext(before, next(entry));
        }
        setNext(entry, null);
        size--;
        if (slots.length > SMALLEST && size < slots.length / 4) {
            resize(slots.length / 2);
        }
    }

    /**
     * Calls {@code action} for the entries of the next slot of a walk that lets others in between: an entry that is in the table from the
     * beginning of the walk to its end is met at least once, however the table grows and shrinks meanwhile; more than once only where it
     * shrinks. The action must not change the table.
     *
     * @param position where the walk stands; {@link #START} to begin
     * @return where it goes on; {@link #START} if it is over
     */
    public final int walk(int position, Consumer<E> action) {
        int mask = slots.length - 1;
        for (E entry = chain(position & mask); entry != null; entry = next(entry)) {
            action.accept(entry);
        }
        // Counts up from the highest bit of the mask down, so that the slots a slot splits into when the table doubles
        // come
        // together in the order of the walk.
        int reversed = Integer.reverse(position | ~mask) + 1;
        return Integer.reverse(reversed);
    }

    /** Calls {@code action} for every entry; it must not change the table. */
    public final void forEach(Consumer<E> action) {
        for (int slot = 0; slot < slots.length; slot++) {
            for (E entry = chain(slot); entry != null; entry = next(entry)) {
                action.accept(entry);
            }
        }
    }

    private void resize(int capacity) {
        @Nullable Object[] old = slots;
        slots = new Object[Math.max(capacity, SMALLEST)];
        for (Object head : old) {
            @SuppressWarnings("unchecked")
            E entry = (E) head;
            while (entry != null) {
                E following = next(entry);
                int slot = slot(hash(entry));
                setNext(entry, chain(slot));
                slots[slot] = entry;
                entry = following;
            }
        }
    }

    @SuppressWarnings("unchecked")
    private @Nullable E chain(int slot) {
        return (E) slots[slot];
    }

    private int slot(int hash) {
        int mixed = hash * 0x9E3779B9;
        return (mixed ^ mixed >>> 16) & (slots.length - 1);
    }
}

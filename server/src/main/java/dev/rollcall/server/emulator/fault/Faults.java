package dev.rollcall.server.emulator.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The faults of an emulator, in the order in which they were added: a request meets the first that matches. Safe from any thread. */
public final class Faults {
    /** The most at once. */
    public static final int MOST = 100;

    private static final int LONGEST_ID = 64;

    private final CopyOnWriteArrayList<ActiveFault> faults = new CopyOnWriteArrayList<>();
    private final LongSupplier epochMillis;
    private final Consumer<ActiveFault> onRemoved;
    private long added;

    /**
     * Makes it, with no faults.
     *
     * @param epochMillis the clock of the server
     * @param onRemoved is told of each fault that was taken away
     */
    public Faults(LongSupplier epochMillis, Consumer<ActiveFault> onRemoved) {
        this.epochMillis = epochMillis;
        this.onRemoved = onRemoved;
    }

    /** Adds a fault, behind all others, under a name of its own. */
    public ActiveFault add(Fault fault) {
        return add(null, fault);
    }

    /**
     * Adds a fault behind all others.
     *
     * @param id its name, or null for one that is made up
     * @throws IllegalArgumentException if the name is taken or cannot be one
     * @throws IllegalStateException if there are too many
     */
    public ActiveFault add(@Nullable String id, Fault fault) {
        long now = epochMillis.getAsLong();
        endOver(now);
        return add(id, fault, now);
    }

    private synchronized ActiveFault add(@Nullable String id, Fault fault, long now) {
        if (faults.size() >= MOST) {
            throw new IllegalStateException("faults: " + MOST + " (expected: fewer; delete some first)");
        }
        if (id != null && !id.matches("[A-Za-z0-9._~-]{1," + LONGEST_ID + "}")) {
            throw new IllegalArgumentException(
                    "id: " + (id.length() > LONGEST_ID ? id.substring(0, LONGEST_ID) + '…' : id) + " (expected: 1 to "
                            + LONGEST_ID + " of A-Z a-z 0-9 . _ ~ -)");
        }
        String name = id;
        while (name == null || id == null && find(name) != null) {
            name = "fault-" + ++added;
        }
        if (find(name) != null) {
            throw new IllegalArgumentException("id: " + name + " is taken (expected: another)");
        }
        ActiveFault active = new ActiveFault(name, fault, now);
        faults.add(active);
        return active;
    }

    /** Returns a fault by its name, or null. */
    public @Nullable ActiveFault find(String id) {
        for (ActiveFault one : faults) {
            if (one.id().equals(id)) {
                return one;
            }
        }
        return null;
    }

    /** Returns all faults, those that have met as many requests as they may included. */
    public List<ActiveFault> all() {
        long now = epochMillis.getAsLong();
        List<ActiveFault> all = new ArrayList<>(faults);
        all.removeIf(one -> one.isOver(now));
        return all;
    }

    /** Takes a fault away, and ends the connections of the requests that it still has; returns whether there was one. */
    public boolean remove(String id) {
        ActiveFault found = find(id);
        if (found == null || !faults.remove(found)) {
            return false;
        }
        found.end();
        onRemoved.accept(found);
        return true;
    }

    /** Returns when the next fault is over, in milliseconds since the epoch, or {@link Long#MAX_VALUE}. */
    public long nextEndMillis() {
        long next = Long.MAX_VALUE;
        for (ActiveFault one : faults) {
            next = Math.min(next, one.untilMillis());
        }
        return next;
    }

    /** Takes the faults away whose time is over. */
    public void endOver(long nowMillis) {
        for (ActiveFault one : faults) {
            if (one.isOver(nowMillis)) {
                var unused = remove(one.id());
            }
        }
    }

    /** Takes all faults away, likewise; returns how many there were. */
    public int clear() {
        int count = 0;
        for (ActiveFault one : faults) {
            count += remove(one.id()) ? 1 : 0;
        }
        return count;
    }

    /** Returns the fault that a request meets, or null. */
    public @Nullable ActiveFault meet(Asked asked) {
        if (faults.isEmpty()) {
            return null;
        }
        long now = epochMillis.getAsLong();
        for (ActiveFault one : faults) {
            if (!one.isOver(now) && one.meets(asked)) {
                return one;
            }
        }
        return null;
    }
}

package dev.rollcall.engine.embedded;

import dev.rollcall.engine.RosterPage;
import dev.rollcall.engine.TrackingRule.Event;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.Occupant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The occupants of one channel in order of joining. Guarded by the lock of its shard; exists as long as there is an occupant. */
final class Roster {
    final ChannelEntry entry;

    /** What is announced of this channel. */
    Set<Event> events;

    /** Collects what happens while there are more occupants than are announced one by one; null below that. */
    @Nullable
    IntervalMode interval;

    /** Whom a snapshot under way has to write next, or null; moves on when he goes. */
    @Nullable
    Lease snapshotNext;

    private @Nullable Lease first;
    private @Nullable Lease last;
    private int occupancy;
    private @Nullable RosterPage firstPage;

    Roster(ChannelEntry entry, Set<Event> events) {
        this.entry = entry;
        this.events = events;
    }

    int occupancy() {
        return occupancy;
    }

    @Nullable
    Lease first() {
        return first;
    }

    void add(Lease lease) {
        lease.before = last;
        if (last == null) {
            first = lease;
        } else {
            last.after = lease;
        }
        last = lease;
        occupancy++;
        firstPage = null;
    }

    @SuppressWarnings("ReferenceEquality") // a lease is equal to itself only
    void remove(Lease lease) {
        Lease before = lease.before;
        Lease after = lease.after;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.before = before;
        }
        if (snapshotNext == lease) {
            snapshotNext = after;
        }
        lease.before = null;
        lease.after = null;
        occupancy--;
        firstPage = null;
    }

    /** Notes that somebody's state is another now. */
    void stateChanged() {
        firstPage = null;
    }

    /**
     * Returns {@code limit} occupants after the first {@code offset}.
     *
     * @param keep whether to keep the page for whoever asks next; not so where somebody asks for all there are, which would cost the
     *     memory of all of them once more
     */
    RosterPage page(int limit, int offset, boolean keep) {
        boolean usual = limit == Limits.HERE_NOW_PAGE && offset == 0;
        if (usual && firstPage != null) {
            return firstPage;
        }
        List<Occupant> occupants = new ArrayList<>(Math.max(0, Math.min(limit, occupancy - offset)));
        Lease lease = offset < occupancy ? first : null;
        for (int skipped = 0; lease != null && skipped < offset; skipped++) {
            lease = lease.after;
        }
        for (; lease != null && occupants.size() < limit; lease = lease.after) {
            occupants.add(new Occupant(lease.userId(), lease.state));
        }
        RosterPage page = new RosterPage(entry.channel, occupancy, occupants);
        if (usual && keep) {
            firstPage = page;
        }
        return page;
    }
}

package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.RosterPage;
import dev.rollcall.engine.TrackingRule.Event;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.Occupant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The occupants of one channel in order of joining. Guarded by the lock of its shard; exists as long as there is an occupant. */
public final class Roster extends Paced {
    public final ChannelEntry entry;

    /** What is announced of this channel. */
    Set<Event> events;

    /** Collects what happens while there are more occupants than are announced one by one; null below that. */
    @Nullable
    public IntervalMode interval;

    private @Nullable Lease first;
    private @Nullable Lease last;
    private int occupancy;
    private @Nullable RosterPage firstPage;

    /** Walks under way, the last begun first; seldom any. */
    private @Nullable Walk walks;

    public Roster(ChannelEntry entry, Set<Event> events) {
        this.entry = entry;
        this.events = events;
    }

    public int occupancy() {
        return occupancy;
    }

    /** Returns whether this is the roster of its channel still. */
    @SuppressWarnings("ReferenceEquality") // another roster of the same channel is another
    public boolean isOpen() {
        return entry.roster == this;
    }

    @Nullable
    Lease first() {
        return first;
    }

    public void add(Lease lease) {
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
        for (Walk walk = walks; walk != null; walk = walk.other) {
            if (walk.next == lease) {
                walk.next = after;
            }
        }
        lease.before = null;
        lease.after = null;
        occupancy--;
        firstPage = null;
    }

    /** Begins a walk through the occupants that lets others in between; it must be ended. */
    public Walk walk() {
        Walk walk = new Walk(first, walks);
        walks = walk;
        return walk;
    }

    @SuppressWarnings("ReferenceEquality") // a walk is equal to itself only
    public void end(Walk walk) {
        if (walks == walk) {
            walks = walk.other;
            return;
        }
        for (Walk before = walks; before != null; before = before.other) {
            if (before.other == walk) {
                before.other = walk.other;
                return;
            }
        }
    }

    /** Returns whether {@code mode} is that of this roster still. */
    @SuppressWarnings("ReferenceEquality") // another one of the same roster is another
    boolean isIn(IntervalMode mode) {
        return interval == mode;
    }

    /** Notes that somebody's state is another now. */
    void stateChanged() {
        firstPage = null;
    }

    /** Returns the first page of the usual length if it is kept, else null. */
    @Nullable
    public RosterPage keptPage(int limit, int offset) {
        return limit == Limits.HERE_NOW_PAGE && offset == 0 ? firstPage : null;
    }

    /**
     * Returns the next {@code limit} occupants of a walk.
     *
     * @param keep whether to keep the page for whoever asks next, if it is the first of the usual length; not so where somebody asks for
     *     all there are, which would cost the memory of all of them once more
     */
    public RosterPage page(Walk walk, int limit, boolean keep) {
        List<Occupant> occupants = new ArrayList<>(Math.min(limit, occupancy));
        boolean isFirst = walk.isAtStart;
        for (Lease lease = walk.next; lease != null && occupants.size() < limit; lease = lease.after) {
            occupants.add(new Occupant(lease.userId(), lease.state));
            walk.next = lease.after;
        }
        RosterPage page = new RosterPage(entry.channel, occupancy, occupants);
        if (keep && isFirst && limit == Limits.HERE_NOW_PAGE) {
            firstPage = page;
        }
        return page;
    }

    /**
     * A place in a roster on a walk from the first occupant to the last, in order of joining, which is kept while others come and go: who
     * is present all along is met once; who goes before they are met is not, and who comes is met last.
     */
    public static final class Walk {
        /** Whom the walk meets next, or null at its end. */
        @Nullable
        public Lease next;

        private @Nullable Walk other;
        private boolean isAtStart = true;

        private Walk(@Nullable Lease first, @Nullable Walk other) {
            this.next = first;
            this.other = other;
        }

        /** Passes over occupants, at most {@code most}, and returns how many. */
        public int skip(int most) {
            int skipped = 0;
            for (Lease lease = next; lease != null && skipped < most; lease = next) {
                next = lease.after;
                skipped++;
            }
            isAtStart &= skipped == 0;
            return skipped;
        }
    }
}

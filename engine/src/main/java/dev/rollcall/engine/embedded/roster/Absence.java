package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.embedded.account.Footprint;
import dev.rollcall.engine.embedded.feed.ParkedPoll;
import dev.rollcall.engine.embedded.feed.Subscription;
import dev.rollcall.engine.embedded.table.ChainedTable;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.embedded.timer.Timer;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.State;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered for a while of a user who is not in a channel: the state that was set for them ahead of their coming, that they left a
 * moment ago, so that a subscribe does not bring them back yet, and how many of their polls still wait there. Guarded by the lock of its
 * shard.
 */
public final class Absence extends Timer {
    /** By how much the times of two requests may differ that are served one after the other. */
    private static final long SKEW_MILLIS = 60_000;

    public final Place place;
    public final UserKey user;

    private @Nullable State state;

    /** Until when {@link #state} is kept, in milliseconds of the monotonic clock, cut to 32 bits like {@link Timer#deadline}. */
    private int stateUntil;

    /** Until when a subscribe does not join them, likewise. */
    private int debounceUntil;

    private boolean isCounted;

    private @Nullable Absence nextInTable;

    /** Open polls that stood for the user's presence when it ended, or came since; they stand for their next one. */
    public short polls;

    /** The presence that an explicit leave ended, or what stands for it, or null. */
    @Nullable
    public Lease left;

    /** The subscribes that came within the debounce time; whichever is still open at its end joins the user. */
    private List<ParkedPoll> waiting = List.of();

    public Absence(Place place, UserKey user, long now) {
        this.place = place;
        this.user = user;
        // Requests take the time before they take the lock, so another may be earlier than this one.
        debounceUntil(now - SKEW_MILLIS);
        stateUntil(now);
    }

    @Nullable
    public State state() {
        return state;
    }

    public void state(@Nullable State changed) {
        if (isCounted) {
            place.keyset().kept(MemoryKind.STATES, Footprint.of(changed) - Footprint.of(state));
        }
        state = changed;
    }

    /** Has it counted from now on, or no more. */
    void count(boolean counted) {
        isCounted = counted;
        int sign = counted ? 1 : -1;
        place.keyset().memory.add(MemoryKind.ABSENCES, sign * footprint(place, user));
        place.keyset().kept(MemoryKind.STATES, sign * Footprint.of(state));
    }

    private boolean isOf(Place ofPlace, UserKey ofUser) {
        return user.equals(ofUser)
                && place.channel().equals(ofPlace.channel())
                && place.keyset().key.equals(ofPlace.keyset().key);
    }

    /** Returns how much of the heap it takes, without a state. */
    static long footprint(Place place, UserKey user) {
        return (long) Footprint.ABSENCE + Footprint.of(place.channel().name()) + Footprint.of(user.user.value());
    }

    /** Has the shard remember it, which has no other of the same user and channel. */
    public void remember() {
        place.shard().absences.add(this);
        place.keyset().references.incrementAndGet();
        count(true);
    }

    /** Returns whether the shard remembers it. */
    boolean isRemembered() {
        return isCounted;
    }

    /** Lets a subscribe wait for the end of the debounce time. */
    void await(Subscription subscription) {
        if (waiting.isEmpty()) {
            waiting = new ArrayList<>(1);
        }
        waiting.removeIf(other -> !other.isOpen());
        waiting.add(subscription.poll);
        Lease ended = left;
        if (ended == null) {
            // It ended in an engine before this one. What the poll stands for has to lead here all the same.
            ended = Lease.ended(place, user);
            left = ended;
        }
        subscription.stay = ended;
        polls++;
    }

    /** Has no subscribe wait for the end of the debounce time any more. */
    void awaitNobody() {
        waiting = List.of();
    }

    /** Returns a subscribe that waited and is still open, or null. */
    @Nullable
    ParkedPoll stillOpen() {
        for (ParkedPoll poll : waiting) {
            if (poll.isOpen()) {
                return poll;
            }
        }
        return null;
    }

    /** Returns the subscribes that wait for the end of the debounce time. */
    List<ParkedPoll> waiting() {
        return waiting;
    }

    /** Has subscribes not join the user until {@code moment}. */
    public void debounceUntil(long moment) {
        debounceUntil = (int) moment;
    }

    /** Has the state kept until {@code moment}. */
    public void stateUntil(long moment) {
        stateUntil = (int) moment;
    }

    /** Returns for how many milliseconds more a subscribe does not join them; none if not more than 0. */
    public int debounceLeft(long now) {
        return debounceUntil - (int) now;
    }

    /** Returns for how many milliseconds more the state is kept; none if not more than 0. */
    public int stateLeft(long now) {
        return stateUntil - (int) now;
    }

    /** Returns when there is something to do next. */
    public long nextMoment(long now) {
        int debounce = debounceLeft(now);
        return now + (debounce > 0 ? debounce : stateLeft(now));
    }

    @Override
    public void onDue(long now) {
        place.shard().presence.absenceDue(this, now);
    }

    @Override
    public String toString() {
        return place.keyset().key + "/" + place.channel() + "/" + user.user;
    }

    /** The absences of one shard, by channel and user. */
    public static final class Table extends ChainedTable<Absence> {
        /** Returns what is remembered of a user, or null. */
        public @Nullable Absence find(Place place, UserKey user) {
            if (size() == 0) {
                return null;
            }
            Absence absence = first(hash(place, user));
            while (absence != null && !absence.isOf(place, user)) {
                absence = absence.nextInTable;
            }
            return absence;
        }

        /** Returns all there are now. */
        public List<Absence> all() {
            List<Absence> all = new ArrayList<>(size());
            forEach(all::add);
            return all;
        }

        private static int hash(Place place, UserKey user) {
            return place.hash() + user.hash;
        }

        @Override
        public int hash(Absence absence) {
            return hash(absence.place, absence.user);
        }

        @Override
        @Nullable
        public Absence next(Absence absence) {
            return absence.nextInTable;
        }

        @Override
        public void setNext(Absence absence, @Nullable Absence next) {
            absence.nextInTable = next;
        }
    }
}

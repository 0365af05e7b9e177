package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.embedded.feed.Subscription;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.embedded.timer.TimerWheel;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.State;
import org.jspecify.annotations.Nullable;

/** What is remembered of users who are not present. Every method is called with the lock of the channel's shard held. */
final class Absences {
    private Absences() {}

    /** Returns what is remembered of a user, or null. */
    static @Nullable Absence find(Place place, UserKey user) {
        return place.shard().absences.find(place, user);
    }

    /** Returns what is remembered of a user, made if need be; then it is not scheduled yet. */
    static Absence remember(Place place, UserKey user, long now) {
        Absence absence = find(place, user);
        return absence == null ? make(place, user, now) : absence;
    }

    private static Absence make(Place place, UserKey user, long now) {
        Absence absence = new Absence(place, user, now);
        absence.remember();
        return absence;
    }

    static void forget(Absence absence) {
        Shard shard = absence.place.shard();
        if (absence.isRemembered()) {
            shard.wheel.cancel(absence);
            absence.place.keyset().references.decrementAndGet();
            absence.count(false);
            shard.absences.remove(absence);
        }
    }

    /** Has it looked at when there is something to do next. */
    static void reschedule(Absence absence, long now) {
        TimerWheel wheel = absence.place.shard().wheel;
        wheel.cancel(absence);
        wheel.schedule(absence, absence.nextMoment(now));
    }

    /** Notes that a user left a moment ago, so that a subscribe does not bring them back yet. */
    static void left(Place place, Lease lease, UserKey user, long debounceMillis, long now) {
        MemoryBudget memory = place.keyset().memory;
        Absence absence = find(place, user);
        if (absence == null && !memory.fits(MemoryKind.ABSENCES, Absence.footprint(place, user))) {
            // Their next subscribe may bring them back at once. That is all that is lost.
            memory.forgot(MemoryKind.ABSENCES);
            return;
        }
        if (absence == null) {
            absence = make(place, user, now);
        }
        absence.left = lease;
        absence.debounceUntil(now + debounceMillis);
        reschedule(absence, now);
    }

    /** Notes that somebody left who was not there. */
    static void leftAgain(Absence absence, long debounceMillis, long now) {
        absence.state(null);
        absence.stateUntil(now);
        absence.awaitNobody();
        if (absence.debounceLeft(now) > 0) {
            absence.debounceUntil(now + debounceMillis);
        }
        reschedule(absence, now);
    }

    /** Keeps a state for somebody who is not there; null for none. */
    static void keepState(Place place, UserKey user, @Nullable State state, long now) {
        Absence absence = remember(place, user, now);
        absence.state(state);
        absence.stateUntil(state == null ? now : now + stateMillis(place));
        reschedule(absence, now);
    }

    /** Has a subscribe that came within the debounce time wait for the end of it. */
    static void joinLater(Absence absence, @Nullable State state, @Nullable Subscription subscription, long now) {
        if (subscription != null) {
            absence.await(subscription);
        }
        if (state != null) {
            State after = state.isEmpty() ? null : state;
            States.requireRoom(absence.place.keyset(), absence.state(), after);
            absence.state(after);
            absence.stateUntil(now + stateMillis(absence.place));
        }
    }

    /** Notes that one of the polls ended that stood for the user's presence when it ended. */
    static void pollEnded(Place place, UserKey user) {
        Absence absence = find(place, user);
        if (absence != null && absence.polls > 0 && --absence.polls == 0 && !absence.isScheduled()) {
            forget(absence);
        }
    }

    private static long stateMillis(Place place) {
        return place.keyset().settings().presenceTimeout().toMillis();
    }
}

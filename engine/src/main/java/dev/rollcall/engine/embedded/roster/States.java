package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.TrackingRule.Event;
import dev.rollcall.engine.embedded.account.Footprint;
import dev.rollcall.engine.embedded.table.UserKey;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.State;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The states of users, present or not. Every method is called with the lock of the channel's shard held.
 */
public final class States {
    private final EngineListener listener;
    private final Announcer announcer;

    States(EngineListener listener, Announcer announcer) {
        this.listener = listener;
        this.announcer = announcer;
    }

    /** Replaces a user's state, whether they are present or not. */
    public void set(Place place, UserKey user, State state, long now) {
        Lease lease = place.lease(user);
        if (lease != null) {
            change(lease, state, now);
            return;
        }
        Set<Event> events = place.keyset().events(place.channel().name());
        if (events.isEmpty()) {
            place.shard().tell(() -> listener.onUntracked(place.keyset().key, place.channel()));
            return;
        }
        Absence absence = Absences.find(place, user);
        State before = absence == null ? null : absence.state();
        State after = state.isEmpty() ? null : state;
        if (before == null && after == null) {
            return;
        }
        requireRoom(place.keyset(), before, after);
        if (absence == null) {
            place.keyset().memory.require(MemoryKind.ABSENCES, Footprint.ABSENCE);
        }
        Absences.keepState(place, user, after, now);
        if (Objects.equals(before, after)) {
            return;
        }
        ChannelEntry entry = place.shard().channel(place.keyset(), place.channel());
        Roster roster = entry.roster;
        announcer.stateChanged(entry, events, user.user, roster == null ? 0 : roster.occupancy(), after, now);
        place.shard().dropIfEmpty(entry);
    }

    /** Returns a user's state, or null if they have none. */
    public static @Nullable State of(Place place, UserKey user) {
        Lease lease = place.lease(user);
        if (lease != null) {
            return lease.state;
        }
        Absence absence = Absences.find(place, user);
        return absence == null ? null : absence.state();
    }

    void change(Lease lease, State state, long now) {
        State after = state.isEmpty() ? null : state;
        if (Objects.equals(lease.state, after)) {
            return;
        }
        Roster roster = lease.roster;
        Keyset keyset = roster.entry.keyset;
        requireRoom(keyset, lease.state, after);
        keyset.kept(MemoryKind.STATES, Footprint.of(after) - Footprint.of(lease.state));
        lease.state = after;
        roster.stateChanged();
        announcer.stateChanged(roster.entry, roster.events, lease.userId(), roster.occupancy(), after, now);
    }

    /** Refuses a state that is larger than the one before by more than there is room for. */
    static void requireRoom(Keyset keyset, @Nullable State before, @Nullable State after) {
        long more = Footprint.of(after) - Footprint.of(before);
        if (!keyset.hasRoomForState(more)) {
            throw keyset.refusalOfState(more);
        }
    }
}

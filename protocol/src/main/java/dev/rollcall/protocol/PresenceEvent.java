package dev.rollcall.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the presence channel of a channel announces. Every event carries the occupancy after the change it tells of.
 */
public sealed interface PresenceEvent {
    /** Returns the word that stands for this event on the wire. */
    String action();

    /** Returns the number of occupants after the change. */
    int occupancy();

    /** Writes the members of the payload that only this event has, each with a leading comma. */
    void writeDetails(JsonWriter out);

    /** Returns the word for what caused it; null where it has no cause, or none is known. */
    default @Nullable String cause() {
        return null;
    }

    /** An event about one user. */
    sealed interface OfUser extends PresenceEvent {
        /** Returns whom the event is about. */
        UserId user();

        /** Returns the state that rides with the event, or null if there is none. */
        default @Nullable State state() {
            return null;
        }

        @Override
        default void writeDetails(JsonWriter out) {
            State state = state();
            if (state != null) {
                state.writeTo(out.raw(",\"data\":"));
            }
        }
    }

    /** Somebody is there no longer. */
    sealed interface Departed extends OfUser {
        /** Returns why, or null where a node of an earlier version did not tell. */
        @Nullable
        Departure departure();

        @Override
        default @Nullable String cause() {
            Departure why = departure();
            return why == null ? null : why.word();
        }
    }

    /**
     * Somebody is here who was not.
     *
     * @param arrival what made them so, or null where a node of an earlier version did not tell
     */
    record Join(
            UserId user,
            int occupancy,
            @Nullable State state,
            @Nullable Arrival arrival) implements OfUser {
        /** Makes an event whose cause is not known. */
        public Join(UserId user, int occupancy, @Nullable State state) {
            this(user, occupancy, state, null);
        }

        @Override
        public String action() {
            return "join";
        }

        @Override
        public @Nullable String cause() {
            return arrival == null ? null : arrival.word();
        }
    }

    /** A user has left: said so, or lost their connection, or was taken off. */
    record Leave(UserId user, int occupancy, @Nullable Departure departure) implements Departed {
        /** Makes an event whose cause is not known. */
        public Leave(UserId user, int occupancy) {
            this(user, occupancy, null);
        }

        @Override
        public String action() {
            return "leave";
        }
    }

    /** A user gave no sign of life for the whole of their presence timeout. */
    record Timeout(UserId user, int occupancy, @Nullable Departure departure) implements Departed {
        /** Makes an event whose cause is not known. */
        public Timeout(UserId user, int occupancy) {
            this(user, occupancy, null);
        }

        @Override
        public String action() {
            return "timeout";
        }
    }

    /** Returns the event of a departure: a timeout for those that clients are told of so, a leave for all others. */
    static Departed departed(UserId user, int occupancy, Departure why) {
        return why.isTimeout() ? new Timeout(user, occupancy, why) : new Leave(user, occupancy, why);
    }

    /** Somebody carries another state now, {@code {}} if none. */
    record StateChange(UserId user, int occupancy, State state) implements OfUser {
        @Override
        public String action() {
            return "state-change";
        }
    }

    /**
     * What happened in a crowded channel since the last interval event, in place of single events.
     *
     * @param joins who came, empty if nobody did or the keyset sends no deltas; likewise {@code leaves} and {@code timeouts}
     * @param hereNowRefresh whether the lists were dropped because they were too long
     */
    record Interval(
            int occupancy, List<UserId> joins, List<UserId> leaves, List<UserId> timeouts, boolean hereNowRefresh)
            implements PresenceEvent {
        /** Copies the lists. */
        public Interval {
            joins = List.copyOf(joins);
            leaves = List.copyOf(leaves);
            timeouts = List.copyOf(timeouts);
        }

        @Override
        public String action() {
            return "interval";
        }

        /** Returns this event without its lists, telling clients to ask who is here. */
        public Interval withoutLists() {
            return new Interval(occupancy, List.of(), List.of(), List.of(), true);
        }

        @Override
        public void writeDetails(JsonWriter out) {
            writeList(out, ",\"join\":", joins);
            writeList(out, ",\"leave\":", leaves);
            writeList(out, ",\"timeout\":", timeouts);
            if (hereNowRefresh) {
                out.raw(",\"here_now_refresh\":true");
            }
        }

        private static void writeList(JsonWriter out, String key, List<UserId> users) {
            if (users.isEmpty()) {
                return;
            }
            out.raw(key);
            char separator = '[';
            for (UserId user : users) {
                out.raw(separator).string(user.value());
                separator = ',';
            }
            out.raw(']');
        }
    }
}

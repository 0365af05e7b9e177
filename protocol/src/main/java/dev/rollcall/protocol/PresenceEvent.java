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

    /** Somebody is here who was not. */
    record Join(UserId user, int occupancy, @Nullable State state) implements OfUser {
        @Override
        public String action() {
            return "join";
        }
    }

    /** A user said that they are leaving. */
    record Leave(UserId user, int occupancy) implements OfUser {
        @Override
        public String action() {
            return "leave";
        }
    }

    /** A user gave no sign of life for the whole of their presence timeout. */
    record Timeout(UserId user, int occupancy) implements OfUser {
        @Override
        public String action() {
            return "timeout";
        }
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

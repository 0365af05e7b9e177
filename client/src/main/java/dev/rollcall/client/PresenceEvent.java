package dev.rollcall.client;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.protocol.Timetoken;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Somebody came, went, or carries another state now. The JSON is shared by all listeners: do not change it. */
public sealed interface PresenceEvent {
    /** Returns where and when it happened. */
    Origin origin();

    /** Returns the word that stands for the event on the wire. */
    String action();

    /** Returns the channel it happened in, without the presence suffix. */
    default String channel() {
        return origin().channel();
    }

    /** Returns the wildcard or channel group that matched, without the presence suffix; null if it was the channel itself. */
    default @Nullable String subscription() {
        return origin().subscription();
    }

    /** Returns the position of the event in the feed. */
    default Timetoken timetoken() {
        return origin().timetoken();
    }

    /** Returns when it happened, to the second or better. */
    default Instant timestamp() {
        return origin().timestamp();
    }

    /** Returns the number of occupants of the channel after the event. */
    default int occupancy() {
        return origin().occupancy();
    }

    /**
     * Returns what caused it, such as {@code explicit}, {@code timeout}, {@code kick} or {@code heartbeat}; null where the service does not say,
     * as it does only if the keyset asks for it ({@code presence.causes}). Later versions may know more causes.
     */
    default @Nullable String cause() {
        return origin().cause();
    }

    /**
     * What all presence events have.
     *
     * @param channel the channel, without the presence suffix
     * @param subscription the wildcard or channel group that matched, or null
     * @param timetoken the position in the feed
     * @param timestamp when it happened
     * @param occupancy the number of occupants after the event
     * @param cause what caused it, or null
     */
    record Origin(
            String channel,
            @Nullable String subscription,
            Timetoken timetoken,
            Instant timestamp,
            int occupancy,
            @Nullable String cause) {
        /** Refuses what is missing. */
        public Origin {
            requireNonNull(channel, "channel");
            requireNonNull(timetoken, "timetoken");
            requireNonNull(timestamp, "timestamp");
        }
    }

    /** An event about one user. */
    sealed interface OfUser extends PresenceEvent {
        /** Returns whom it is about. */
        String uuid();
    }

    /**
     * Somebody is here who was not.
     *
     * @param origin where and when
     * @param uuid who
     * @param state the state that came along, or null if none
     */
    record Join(Origin origin, String uuid, @Nullable JsonNode state) implements OfUser {
        @Override
        public String action() {
            return "join";
        }
    }

    /**
     * Somebody left.
     *
     * @param origin where and when
     * @param uuid who
     */
    record Leave(Origin origin, String uuid) implements OfUser {
        @Override
        public String action() {
            return "leave";
        }
    }

    /**
     * Somebody gave no sign of life for the whole of the presence timeout.
     *
     * @param origin where and when
     * @param uuid who
     */
    record Timeout(Origin origin, String uuid) implements OfUser {
        @Override
        public String action() {
            return "timeout";
        }
    }

    /**
     * Somebody carries another state now.
     *
     * @param origin where and when
     * @param uuid who
     * @param state the whole new state
     */
    record StateChange(Origin origin, String uuid, JsonNode state) implements OfUser {
        @Override
        public String action() {
            return "state-change";
        }
    }

    /**
     * What happened in a crowded channel since the last interval event, in place of single events.
     *
     * @param origin where and when
     * @param joins who came; empty too if the service lists nobody, and so with the other two
     * @param leaves who left
     * @param timeouts who timed out
     * @param hereNowRefresh whether the lists were too long to send, so that {@link RollcallClient#hereNow} is the way to know
     */
    record Interval(
            Origin origin, List<String> joins, List<String> leaves, List<String> timeouts, boolean hereNowRefresh)
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
    }
}

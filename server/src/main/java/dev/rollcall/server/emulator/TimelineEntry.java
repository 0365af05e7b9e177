package dev.rollcall.server.emulator;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One presence event, whether or not anybody subscribed to it.
 *
 * @param timetoken the position of the entry in the timeline: greater than all before
 * @param at when it happened, by the clock of the server
 * @param keyset the subscribe key
 * @param channel the channel
 * @param action {@code join}, {@code leave}, {@code timeout}, {@code state-change} or {@code interval}
 * @param user who, or null in an interval event
 * @param cause why: how somebody came or went, as in the stream of events; null where there is no cause
 * @param occupancy how many were in the channel after it
 * @param state the state that goes with it as JSON, or null if there is none
 * @param joined who came, in an interval event of a keyset that sends deltas; else empty, likewise the other lists
 * @param left who left
 * @param timedOut who timed out
 */
public record TimelineEntry(
        long timetoken,
        Instant at,
        String keyset,
        String channel,
        String action,
        @Nullable String user,
        @Nullable String cause,
        int occupancy,
        @Nullable String state,
        List<String> joined,
        List<String> left,
        List<String> timedOut) {
    /** Copies the lists. */
    public TimelineEntry {
        joined = List.copyOf(joined);
        left = List.copyOf(left);
        timedOut = List.copyOf(timedOut);
    }

    static TimelineEntry of(long timetoken, long epochMillis, SubscribeKey key, Channel channel, PresenceEvent event) {
        PresenceEvent.OfUser ofUser = event instanceof PresenceEvent.OfUser one ? one : null;
        State state = ofUser == null ? null : ofUser.state();
        PresenceEvent.Interval interval = event instanceof PresenceEvent.Interval one ? one : null;
        return new TimelineEntry(
                timetoken,
                Instant.ofEpochMilli(epochMillis),
                key.value(),
                channel.name(),
                event.action(),
                ofUser == null ? null : ofUser.user().value(),
                event.cause(),
                event.occupancy(),
                state == null ? null : state.toString(),
                interval == null ? List.of() : names(interval.joins()),
                interval == null ? List.of() : names(interval.leaves()),
                interval == null ? List.of() : names(interval.timeouts()));
    }

    private static List<String> names(List<UserId> users) {
        return users.stream().map(UserId::value).toList();
    }

    /** Returns it in one line, as failed tests show it. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(96)
                .append(at)
                .append("  ")
                .append(keyset)
                .append('/')
                .append(channel)
                .append("  ")
                .append(action);
        if (user != null) {
            line.append(' ').append(user);
        }
        if (cause != null) {
            line.append(" (").append(cause).append(')');
        }
        line.append("  occupancy=").append(occupancy);
        if (state != null) {
            line.append(" state=").append(state);
        }
        append(line, " joined=", joined);
        append(line, " left=", left);
        append(line, " timed-out=", timedOut);
        return line.toString();
    }

    private static void append(StringBuilder line, String name, List<String> users) {
        if (!users.isEmpty()) {
            line.append(name).append(users);
        }
    }
}

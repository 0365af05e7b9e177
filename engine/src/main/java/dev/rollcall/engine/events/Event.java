package dev.rollcall.engine.events;

import dev.rollcall.protocol.Arrival;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Departure;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to presence, whether or not a client could hear of it: in crowded channels joins and departures are told one by
 * one here, where clients get interval events.
 *
 * @param timetoken when, and its name: no other event of the same engine has it; the one of the message, where there was a message
 * @param key the keyset
 * @param channel an ordinary channel or a wildcard
 * @param what what happened, with its cause
 */
public record Event(long timetoken, SubscribeKey key, Channel channel, PresenceEvent what) implements StreamItem {
    /** The kinds of events. */
    public enum Kind {
        /** Somebody came. */
        JOIN,
        /** Somebody went, for any cause but a timeout. */
        LEAVE,
        /** Somebody went silent. */
        TIMEOUT,
        /** Somebody's state changed. */
        STATE_CHANGE,
        /** The periodic summary of a crowded channel was sent. */
        INTERVAL;

        /** Returns the word that stands for it on the wire and in JSON: {@code state-change}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Returns its kind. */
    public Kind kind() {
        if (what instanceof PresenceEvent.Join) {
            return Kind.JOIN;
        }
        if (what instanceof PresenceEvent.Leave) {
            return Kind.LEAVE;
        }
        if (what instanceof PresenceEvent.Timeout) {
            return Kind.TIMEOUT;
        }
        return what instanceof PresenceEvent.StateChange ? Kind.STATE_CHANGE : Kind.INTERVAL;
    }

    /** Returns whom it is about, or null for an interval event. */
    public @Nullable UserId user() {
        return what instanceof PresenceEvent.OfUser ofUser ? ofUser.user() : null;
    }

    /** Returns the number of occupants after it. */
    public int occupancy() {
        return what.occupancy();
    }

    /** Returns the state that goes with it, or null. */
    public @Nullable State state() {
        return what instanceof PresenceEvent.OfUser ofUser ? ofUser.state() : null;
    }

    /** Returns what made the user join; null for everything else, and where a node of an earlier version did not tell. */
    public @Nullable Arrival arrival() {
        return what instanceof PresenceEvent.Join join ? join.arrival() : null;
    }

    /** Returns why the user went; null for everything else, and where a node of an earlier version did not tell. */
    public @Nullable Departure departure() {
        return what instanceof PresenceEvent.Departed gone ? gone.departure() : null;
    }

    /** Returns the word for its cause, or null where it has none or none is known. */
    public @Nullable String cause() {
        return what.cause();
    }
}

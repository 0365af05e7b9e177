package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Message;
import dev.rollcall.engine.TrackingRule.Event;
import dev.rollcall.engine.embedded.feed.FeedWriter;
import dev.rollcall.engine.events.EventLog;
import dev.rollcall.protocol.Arrival;
import dev.rollcall.protocol.Departure;
import dev.rollcall.protocol.Envelope;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.UserId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides how a change of a roster is announced: one by one up to announce-max occupants, in interval events above, by the occupancy
 * after the change. Every method is called with the lock of the roster's shard held.
 */
public final class Announcer {
    private final FeedWriter writer;
    private final EngineTime time;
    private final EngineListener listener;
    private final EventLog log;

    public Announcer(FeedWriter writer, EngineTime time, EngineListener listener, EventLog log) {
        this.writer = writer;
        this.time = time;
        this.listener = listener;
        this.log = log;
    }

    /**
     * To be called before a roster changes: what is pending is told while the occupancy is still the one it goes with, if the change
     * ends interval mode.
     */
    void beforeChange(Roster roster, int occupancyAfter, long now) {
        IntervalMode interval = roster.interval;
        if (interval != null && occupancyAfter <= settings(roster).announceMax()) {
            endInterval(interval, now);
        }
    }

    /** Announces somebody who is in the roster now; returns the message, or null if there is none. */
    @Nullable
    Message joined(Lease lease, UserId user, Arrival cause, long now) {
        Roster roster = lease.roster;
        roster.countEvent(now);
        PresenceEvent.Join event = new PresenceEvent.Join(user, roster.occupancy(), lease.state, cause);
        if (roster.occupancy() <= settings(roster).announceMax()) {
            return announce(roster.entry, roster.events, Event.JOIN, event, now);
        }
        tell(roster.entry, event, null);
        interval(roster, now).joined(user, settings(roster).deltas());
        return null;
    }

    /** Announces somebody who is no longer in the roster. */
    void departed(Lease lease, UserId user, Departure why, long now) {
        Roster roster = lease.roster;
        roster.countEvent(now);
        boolean timedOut = why.isTimeout();
        PresenceEvent event = PresenceEvent.departed(user, roster.occupancy(), why);
        if (roster.occupancy() <= settings(roster).announceMax()) {
            announce(roster.entry, roster.events, timedOut ? Event.TIMEOUT : Event.LEAVE, event, now);
            return;
        }
        tell(roster.entry, event, null);
        interval(roster, now).departed(user, timedOut, settings(roster).deltas());
    }

    /** Returns the timetoken of what is announced to nobody now. */
    long unposted() {
        return writer.unposted();
    }

    /** Tells whoever watches the engine of somebody who is no longer in the roster, but no client: the channel is not tracked any more. */
    void droppedUnheard(Lease lease, long now) {
        Roster roster = lease.roster;
        roster.countEvent(now);
        tell(roster.entry, PresenceEvent.departed(lease.userId(), roster.occupancy(), Departure.RULE_CHANGED), null);
    }

    /** Announces another state, at any occupancy. */
    void stateChanged(
            ChannelEntry entry, Set<Event> events, UserId user, int occupancy, @Nullable State state, long now) {
        State shown = state == null ? State.ofJson("{}") : state;
        Roster roster = entry.roster;
        if (roster != null) {
            roster.countEvent(now);
        }
        announce(entry, events, Event.STATE_CHANGE, new PresenceEvent.StateChange(user, occupancy, shown), now);
    }

    /** Sends the periodic event, or ends interval mode if there is no more reason for it. */
    void intervalDue(IntervalMode interval, long now) {
        Roster roster = interval.roster;
        if (!roster.isIn(interval)) {
            return;
        }
        KeysetSettings settings = settings(roster);
        if (roster.occupancy() <= settings.announceMax()) {
            endInterval(interval, now);
            return;
        }
        sendInterval(interval, now);
        // From the moment it was due, not from now: a late event does not shift those that follow.
        long period = settings.interval().toMillis();
        long late = Math.max(0, (int) now - interval.deadline);
        roster.entry.shard.wheel.schedule(interval, now + period - late % period);
    }

    private IntervalMode interval(Roster roster, long now) {
        IntervalMode interval = roster.interval;
        if (interval == null) {
            interval = new IntervalMode(roster);
            roster.interval = interval;
            roster.entry.shard.wheel.schedule(
                    interval, now + settings(roster).interval().toMillis());
        }
        return interval;
    }

    private void endInterval(IntervalMode interval, long now) {
        if (interval.hasChanged()) {
            sendInterval(interval, now);
        }
        interval.roster.entry.shard.wheel.cancel(interval);
        interval.roster.interval = null;
    }

    private void sendInterval(IntervalMode interval, long now) {
        Roster roster = interval.roster;
        announce(roster.entry, roster.events, Event.INTERVAL, interval.take(), now);
    }

    private @Nullable Message announce(
            ChannelEntry entry, Set<Event> events, Event kind, PresenceEvent event, long now) {
        Message message = events.contains(kind) && writer.hasPresenceAudience(entry)
                ? writer.post(
                        entry,
                        entry.channel.presence(),
                        entry.presence,
                        MessageType.PRESENCE,
                        null,
                        encode(entry, event),
                        now)
                : null;
        tell(entry, event, message);
        return message;
    }

    /**
     * Has whoever watches the engine told, once the lock is free.
     *
     * @param message the one that clients get, or null
     */
    private void tell(ChannelEntry entry, PresenceEvent event, @Nullable Message message) {
        entry.shard.tell(() -> entry.tell(event));
        if (log.isRecording()) {
            // Stamped here, so that events of one channel have timetokens in the order in which they happened.
            long timetoken = message == null ? writer.unposted() : message.timetoken();
            dev.rollcall.engine.events.Event recorded =
                    new dev.rollcall.engine.events.Event(timetoken, entry.keyset.key, entry.channel, event);
            entry.shard.tell(() -> log.append(recorded));
        }
    }

    EngineListener listener() {
        return listener;
    }

    private Envelope encode(ChannelEntry entry, PresenceEvent event) {
        long epochMillis = time.epochMillis();
        boolean causes = entry.keyset.settings().causes();
        Envelope envelope = Envelope.of(entry.keyset.key, entry.channel, event, epochMillis, causes);
        if (event instanceof PresenceEvent.Interval interval && envelope.size() > Limits.INTERVAL_EVENT_BYTES) {
            return Envelope.of(entry.keyset.key, entry.channel, interval.withoutLists(), epochMillis);
        }
        return envelope;
    }

    private static KeysetSettings settings(Roster roster) {
        return roster.entry.keyset.settings();
    }
}

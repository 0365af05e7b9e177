package dev.rollcall.engine.embedded.roster;

import dev.rollcall.engine.Message;
import dev.rollcall.protocol.Envelope;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.State;
import org.jspecify.annotations.Nullable;

/**
 * A join by explicit heartbeat that its user may not have heard yet.
 *
 * @param lease what began
 * @param occupancy the occupancy after it
 * @param state the state that came with it, or null
 * @param timetoken its position, whether it stands in a feed or not
 * @param at when, in milliseconds of the monotonic clock, cut to 32 bits; compared by difference
 * @param epochMillis when, in milliseconds since the Unix epoch
 */
public record UnheardJoin(
        Lease lease, int occupancy, @Nullable State state, long timetoken, int at, long epochMillis) {
    /** Makes its message, which was not posted when it happened, because nobody was there to hear it. */
    public Message message() {
        ChannelEntry entry = lease.roster.entry;
        PresenceEvent event = new PresenceEvent.Join(lease.userId(), occupancy, state);
        Envelope envelope = Envelope.of(entry.keyset.key, entry.channel, event, epochMillis);
        envelope.stamp(timetoken);
        return new Message(entry.channel.presence(), MessageType.PRESENCE, null, timetoken, envelope);
    }
}

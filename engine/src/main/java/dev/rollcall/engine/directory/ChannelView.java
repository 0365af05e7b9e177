package dev.rollcall.engine.directory;

import dev.rollcall.protocol.Channel;

/**
 * A channel with an occupant.
 *
 * @param channel an ordinary channel or a wildcard
 * @param occupancy the number of its occupants
 * @param eventsPerSecond how many joins, departures and state changes there were a second of late, an average over about ten seconds;
 *     -1 where that is not measured
 * @param isInterval whether it sends interval events, for it is crowded
 */
public record ChannelView(Channel channel, int occupancy, double eventsPerSecond, boolean isInterval) {
    /** The rate is not measured. */
    public static final double UNKNOWN_RATE = -1;
}

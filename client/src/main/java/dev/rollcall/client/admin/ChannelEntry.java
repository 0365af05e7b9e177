package dev.rollcall.client.admin;

import java.util.OptionalDouble;

/**
 * A channel that has an occupant.
 *
 * @param channel its name
 * @param occupancy the number of its occupants
 * @param eventsPerSecond joins, departures and state changes a second of late; empty where that is not measured
 * @param isInterval whether clients get interval events, for it is crowded
 */
public record ChannelEntry(String channel, int occupancy, OptionalDouble eventsPerSecond, boolean isInterval) {}

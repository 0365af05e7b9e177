package dev.rollcall.client;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Who is in one channel.
 *
 * @param name the channel
 * @param occupancy the number of occupants, all pages counted
 * @param occupants the occupants of this page; empty if user ids were not asked for
 */
public record HereNowChannel(String name, int occupancy, List<HereNowOccupant> occupants) {
    /** Copies the list. */
    public HereNowChannel {
        requireNonNull(name, "name");
        occupants = List.copyOf(occupants);
    }
}

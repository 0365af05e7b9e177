package dev.rollcall.client;

import static java.util.Objects.requireNonNull;

import dev.rollcall.protocol.Timetoken;
import java.util.List;

/**
 * A part of the feed that is lost: the service no longer keeps all that was published between two positions. Whoever builds something from
 * events must load it anew; a {@link dev.rollcall.client.roster.Roster} does so by itself.
 *
 * @param from the position that was asked for
 * @param to the position from which on nothing is missing
 * @param channels the channels that were listened to
 * @param channelGroups the channel groups that were listened to
 */
public record Gap(Timetoken from, Timetoken to, List<String> channels, List<String> channelGroups) {
    /** Copies the lists. */
    public Gap {
        requireNonNull(from, "from");
        requireNonNull(to, "to");
        channels = List.copyOf(channels);
        channelGroups = List.copyOf(channelGroups);
    }
}

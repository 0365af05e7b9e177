package dev.rollcall.engine.directory;

import dev.rollcall.protocol.Channel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A subscribe of a user that waits.
 *
 * @param node the node where it waits, or null where there is only one
 * @param address where it comes from, or null where the server did not say
 * @param agent what the client says of itself, or null
 * @param sinceMillis when it came, in milliseconds since the Unix epoch
 * @param places for what it stands
 */
public record PollView(
        @Nullable String node,
        @Nullable String address,
        @Nullable String agent,
        long sinceMillis,
        List<Place> places) {
    /** Copies the list. */
    public PollView {
        places = List.copyOf(places);
    }

    /**
     * A channel in which the poll stands for its user's presence.
     *
     * @param channel the channel
     * @param via the name in the request that led there: the channel, a wildcard or a channel group; null where it named nothing else
     */
    public record Place(Channel channel, @Nullable String via) {}
}

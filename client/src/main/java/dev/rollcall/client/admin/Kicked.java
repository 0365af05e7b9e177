package dev.rollcall.client.admin;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a kick did.
 *
 * @param channels where the user was present and is no longer
 * @param polls how many of their subscribes were ended on the node that was asked
 * @param until until when they are kept off, empty if they are not
 */
public record Kicked(List<String> channels, int polls, Optional<Instant> until) {
    /** Copies the list. */
    public Kicked {
        channels = List.copyOf(channels);
    }
}

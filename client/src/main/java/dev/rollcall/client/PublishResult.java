package dev.rollcall.client;

import static java.util.Objects.requireNonNull;

import dev.rollcall.protocol.Timetoken;

/**
 * What became of a message or signal.
 *
 * @param timetoken its position in the feed, which subscribers see too
 */
public record PublishResult(Timetoken timetoken) {
    /** Refuses a missing timetoken. */
    public PublishResult {
        requireNonNull(timetoken, "timetoken");
    }
}

package dev.rollcall.client;

import static java.util.Objects.requireNonNull;

import dev.rollcall.protocol.Timetoken;

/**
 * The time of the service.
 *
 * @param timetoken now, in units of 100 nanoseconds since the Unix epoch
 */
public record TimeResult(Timetoken timetoken) {
    /** Refuses a missing timetoken. */
    public TimeResult {
        requireNonNull(timetoken, "timetoken");
    }
}

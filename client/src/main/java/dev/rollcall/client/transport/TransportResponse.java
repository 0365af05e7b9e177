package dev.rollcall.client.transport;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One HTTP answer, read to its end.
 *
 * @param status the HTTP status
 * @param retryAfter the header {@code Retry-After}, or null if there is none
 * @param body the body, empty if there is none; must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record TransportResponse(int status, @Nullable String retryAfter, byte[] body) {
    /** Refuses a missing body. */
    public TransportResponse {
        requireNonNull(body, "body");
    }
}

package dev.rollcall.client.transport;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request.
 *
 * @param method {@code GET}, {@code POST} or {@code DELETE}
 * @param uri where to, percent-encoded as it shall be sent
 * @param body the JSON body, or null if there is none; must not be changed afterwards
 * @param timeout how long the whole exchange may take, the body of the answer included
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record TransportRequest(String method, URI uri, byte @Nullable [] body, Duration timeout) {
    /** Refuses a timeout that is not positive. */
    public TransportRequest {
        requireNonNull(method, "method");
        requireNonNull(uri, "uri");
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: > 0)");
        }
    }
}

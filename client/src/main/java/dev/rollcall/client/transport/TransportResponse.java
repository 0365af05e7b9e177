package dev.rollcall.client.transport;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP answer, read to its end.
 *
 * @param status the HTTP status
 * @param headers the headers that the client looks at, by name in whatever case; others may be left out
 * @param body the body, empty if there is none; must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record TransportResponse(int status, Map<String, String> headers, byte[] body) {
    /** The header by which a service says how long to wait before the next attempt. */
    public static final String RETRY_AFTER = "Retry-After";

    /** The header by which a service says that it no longer keeps all that came after the position asked for. */
    public static final String GAP = "Rollcall-Gap";

    /** Copies the headers; refuses a missing body. */
    public TransportResponse {
        TreeMap<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        headers = java.util.Collections.unmodifiableMap(byName);
        requireNonNull(body, "body");
    }

    /** An answer with at most the header {@code Retry-After}. */
    public TransportResponse(int status, @Nullable String retryAfter, byte[] body) {
        this(status, retryAfter == null ? Map.of() : Map.of(RETRY_AFTER, retryAfter), body);
    }

    /** Returns the header {@code Retry-After}, or null if there is none. */
    public @Nullable String retryAfter() {
        return headers.get(RETRY_AFTER);
    }

    /** Returns whether the service says that there is a gap before this answer. */
    public boolean gap() {
        return headers.containsKey(GAP);
    }
}

package dev.rollcall.server.http;

import java.util.Map;

/**
 * One whole response. Every response has the CORS headers, {@code Cache-Control: no-cache} and {@code Content-Length}; the kind and
 * {@code headers} add to them. A body that {@code headers} say is encoded is sent as it is, any other may be compressed.
 *
 * @param status the HTTP status
 * @param kind whose answer it is, which decides the headers that are the same for all answers of a service
 * @param body the body; not to be changed
 * @param headers further headers, most often none; one that the kind has too replaces that of the kind
 */
public record Response(int status, Kind kind, byte[] body, Map<String, String> headers) {
    /** The services as told apart by their headers (content type, server, allowed methods). */
    public enum Kind {
        /** Subscribe, publish, signal, time. */
        FEED,
        /** Presence calls. */
        PRESENCE,
        /** Channel groups. */
        CHANNEL_GROUPS,
        /** Access Manager, and every 403. */
        ACCESS_MANAGER,
        /** Plain text of the admin port. */
        TEXT,
        /** JSON of the admin port. */
        ADMIN
    }

    private static final int NOT_MODIFIED = 304;

    /** Checks that the response can be sent as it is: the status has a body, no header breaks out of its line. */
    public Response {
        if (status < 200 || status > 599 || status == 204 || status == NOT_MODIFIED && !isShort(body, headers)) {
            throw new IllegalArgumentException(
                    "status: " + status + " (expected: 200..599 with a body, or 304 with an ETag and none)");
        }
        headers = Map.copyOf(headers);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            requireOneLine(header.getKey(), header.getKey());
            requireOneLine(header.getKey(), header.getValue());
        }
    }

    /** Makes a response without further headers. */
    public Response(int status, Kind kind, byte[] body) {
        this(status, kind, body, Map.of());
    }

    private static boolean isShort(byte[] body, Map<String, String> headers) {
        return body.length == 0 && headers.containsKey("ETag");
    }

    /** Returns whether it says that what the client has is still right; such a response has no body. */
    public boolean isNotModified() {
        return status == NOT_MODIFIED;
    }

    private static void requireOneLine(String name, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                throw new IllegalArgumentException(
                        "header " + name + ": character " + (int) c + " (expected: 32..126)");
            }
        }
    }
}

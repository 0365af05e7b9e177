package dev.rollcall.server.admin;

import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.Response.Kind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An operator asked for something that cannot be: what they are told, in the shape of all errors of the API. Carries no stack trace: it is
 * an answer, not a defect.
 */
final class AdminException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String EXPECTED = " (expected: ";

    private final int status;
    private final @Nullable String expected;
    private final transient Map<String, String> headers;

    AdminException(int status, String message, @Nullable String expected) {
        this(status, message, expected, Map.of());
    }

    AdminException(int status, String message, @Nullable String expected, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.expected = expected;
        this.headers = headers;
    }

    /** Makes an error of a text that ends with what was expected, as the texts of the server do. */
    static AdminException of(int status, String text, Map<String, String> headers) {
        int at = text.lastIndexOf(EXPECTED);
        return at < 0 || !text.endsWith(")")
                ? new AdminException(status, text, null, headers)
                : new AdminException(
                        status,
                        text.substring(0, at),
                        text.substring(at + EXPECTED.length(), text.length() - 1),
                        headers);
    }

    int status() {
        return status;
    }

    Response response() {
        JsonWriter out = new JsonWriter(128);
        out.raw("{\"error\":{\"status\":").number(status).raw(",\"message\":").string(String.valueOf(getMessage()));
        if (expected != null) {
            out.raw(",\"expected\":").string(expected);
        }
        return new Response(status, Kind.ADMIN, out.raw("}}\n").toByteArray(), headers);
    }
}

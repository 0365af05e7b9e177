package dev.rollcall.server.route;

import dev.rollcall.protocol.InvalidValueException;
import dev.rollcall.server.http.Response;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Wraps answers into the call of a JavaScript function, for pages that load them as scripts. */
final class Jsonp {
    private static final int MAX_LENGTH = 128;

    private final byte[] head;

    private Jsonp(byte[] head) {
        this.head = head;
    }

    /**
     * Returns the wrapper for a function name, or null where {@code 0} or nothing stands in its place.
     *
     * @throws InvalidValueException if it is anything but identifiers joined by dots
     */
    static @Nullable Jsonp of(@Nullable String function) {
        if (function == null || function.isEmpty() || function.equals("0")) {
            return null;
        }
        if (!isFunctionName(function)) {
            throw new InvalidValueException(
                    "callback: not a function name (expected: at most " + MAX_LENGTH + " letters, digits or _ $ .)");
        }
        return new Jsonp((function + '(').getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean isFunctionName(String name) {
        if (name.length() > MAX_LENGTH) {
            return false;
        }
        boolean first = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$';
            boolean digit = c >= '0' && c <= '9';
            if (c == '.' && !first) {
                first = true;
            } else if (letter || digit && !first) {
                first = false;
            } else {
                return false;
            }
        }
        return !first;
    }

    /** Returns the same response with its body wrapped. */
    Response wrap(Response response) {
        return new Response(response.status(), response.kind(), wrap(response.body()), response.headers());
    }

    /** Returns the body, wrapped. */
    byte[] wrap(byte[] body) {
        byte[] wrapped = new byte[head.length + body.length + 1];
        System.arraycopy(head, 0, wrapped, 0, head.length);
        System.arraycopy(body, 0, wrapped, head.length, body.length);
        wrapped[wrapped.length - 1] = ')';
        return wrapped;
    }
}

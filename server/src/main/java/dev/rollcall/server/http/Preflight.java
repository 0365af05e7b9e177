package dev.rollcall.server.http;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer to {@code OPTIONS}, the same for every path: browsers ask it before they send a POST with JSON. */
final class Preflight {
    private static final String DEFAULT_HEADERS = "Origin, X-Requested-With, Content-Type, Content-Encoding, Accept";
    private static final String MAX_AGE_SECONDS = "86400";
    private static final byte[] EMPTY = {};

    private Preflight() {}

    /** Makes the answer. {@code requestedHeaders} is the value of {@code Access-Control-Request-Headers}, null if there is none. */
    static Response response(@Nullable String requestedHeaders) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS");
        headers.put(
                "Access-Control-Allow-Headers",
                requestedHeaders != null && isListOfNames(requestedHeaders) ? requestedHeaders : DEFAULT_HEADERS);
        headers.put("Access-Control-Max-Age", MAX_AGE_SECONDS);
        return new Response(200, Response.Kind.FEED, EMPTY, headers);
    }

    /** Only header names are sent back, nothing else that somebody may have put there. */
    private static boolean isListOfNames(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isLetterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!isLetterOrDigit && "-_, ".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}

package dev.rollcall.server.http;

import dev.rollcall.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The path and query of a request target, as they were sent. Nothing is decoded and no character is refused: clients send brackets,
 * quotes and bytes that no URI may hold.
 */
record RequestTarget(String rawPath, @Nullable String rawQuery) {
    /**
     * Splits a target: {@code /path?query}, {@code http://host/path?query} or {@code *}.
     *
     * @throws Refusal 400 if it is none of them, or has a NUL in it
     */
    static RequestTarget parse(String target) throws Refusal {
        if (target.indexOf('\0') >= 0) {
            throw new Refusal(ErrorCode.MALFORMED_REQUEST, "Request target has a NUL in it");
        }
        int start = pathStart(target);
        int question = target.indexOf('?', start);
        if (question < 0) {
            return new RequestTarget(pathOf(target, start, target.length()), null);
        }
        return new RequestTarget(pathOf(target, start, question), target.substring(question + 1));
    }

    int length() {
        return rawPath.length() + (rawQuery == null ? 0 : rawQuery.length());
    }

    private static String pathOf(String target, int start, int end) {
        return start == end ? "/" : target.substring(start, end);
    }

    private static int pathStart(String target) throws Refusal {
        if (target.startsWith("/") || target.equals("*")) {
            return 0;
        }
        int scheme = target.indexOf("://");
        if (scheme < 0 || !isHttp(target, scheme)) {
            throw new Refusal(ErrorCode.MALFORMED_REQUEST, "Request target must be a path");
        }
        for (int i = scheme + 3; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c == '/' || c == '?') {
                return i;
            }
        }
        return target.length();
    }

    private static boolean isHttp(String target, int length) {
        return (length == 4 && target.regionMatches(true, 0, "http", 0, 4))
                || (length == 5 && target.regionMatches(true, 0, "https", 0, 5));
    }
}

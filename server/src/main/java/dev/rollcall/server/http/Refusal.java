package dev.rollcall.server.http;

import dev.rollcall.protocol.ErrorCode;
import java.util.Map;

/** A request that does not reach the handler, and what is answered instead. */
final class Refusal extends Exception {
    /** Seconds. */
    private static final Map<String, String> RETRY_LATER = Map.of("Retry-After", "1");

    private final ErrorCode code;

    Refusal(ErrorCode code) {
        this(code, code.text());
    }

    Refusal(ErrorCode code, String text) {
        // No stack trace: a refusal says what is wrong with the request, not where we noticed.
        super(text, null, false, false);
        this.code = code;
    }

    Response response() {
        return response(code, String.valueOf(getMessage()));
    }

    ErrorCode code() {
        return code;
    }

    int status() {
        return code.status();
    }

    /** Returns the answer to a request that fails with {@code code} in this layer. */
    static Response response(ErrorCode code, String text) {
        Map<String, String> headers = code == ErrorCode.RATE_LIMITED ? RETRY_LATER : Map.of();
        return new Response(code.status(), Response.Kind.FEED, code.body(text), headers);
    }
}

package dev.rollcall.server.emulator.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Somebody asked for something that cannot be: what they are told. Carries no stack trace: it is an answer, not a defect. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String EXPECTED = " (expected: ";
    private static final int LONGEST = 500;

    private final int status;
    private final @Nullable String expected;
    private final transient Map<String, String> headers;

    ApiException(int status, String message, @Nullable String expected) {
        this(status, message, expected, Map.of());
    }

    ApiException(int status, String message, @Nullable String expected, Map<String, String> headers) {
        super(message.length() > LONGEST ? message.substring(0, LONGEST) + '…' : message, null, false, false);
        this.status = status;
        this.expected = expected;
        this.headers = headers;
    }

    /** Makes an error of a text that ends with what was expected. */
    static ApiException of(int status, String text, Map<String, String> headers) {
        int at = text.lastIndexOf(EXPECTED);
        return at < 0 || !text.endsWith(")")
                ? new ApiException(status, text, null, headers)
                : new ApiException(
                        status,
                        text.substring(0, at),
                        text.substring(at + EXPECTED.length(), text.length() - 1),
                        headers);
    }

    int status() {
        return status;
    }

    @Nullable
    String expected() {
        return expected;
    }

    Map<String, String> headers() {
        return headers;
    }
}

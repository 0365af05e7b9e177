package dev.rollcall.client.admin;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call of the admin port that failed. Immutable. */
public final class AdminException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final @Nullable String expected;

    AdminException(int status, String message, @Nullable String expected, @Nullable Throwable cause) {
        super(expected == null ? message : message + " (expected: " + expected + ")", cause);
        this.status = status;
        this.expected = expected;
    }

    /** Returns the HTTP status of the answer, 0 if there was no answer. */
    public int status() {
        return status;
    }

    /** Returns what the server expected in place of what was wrong, empty if it did not say. */
    public Optional<String> expected() {
        return Optional.ofNullable(expected);
    }

    /** Returns whether the same call may succeed later. */
    public boolean isRetryable() {
        return status == 0 || status == 429 || status >= 500 && status != 501;
    }
}

package dev.rollcall.server.operator;

import java.util.Map;

/** Somebody may not do what they ask for. Carries no stack trace: it is an answer, not a defect. */
public final class NotAdmittedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, String> headers;

    NotAdmittedException(int status, String message) {
        this(status, message, Map.of());
    }

    NotAdmittedException(int status, String message, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.headers = headers;
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    /** Returns headers of the answer. */
    public Map<String, String> headers() {
        return headers;
    }

    /** Returns what is told, with what was expected at its end. */
    public String text() {
        return String.valueOf(getMessage());
    }
}

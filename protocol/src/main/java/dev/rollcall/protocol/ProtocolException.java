package dev.rollcall.protocol;

import static java.util.Objects.requireNonNull;

/** A request that cannot be served, with the error its client is told. Carries no stack trace: it is an answer, not a defect. */
public final class ProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    /** Makes the error with the text clients know it by. */
    public ProtocolException(ErrorCode code) {
        this(code, code.text());
    }

    /** Makes the error with a text that names the offending value and what was expected. */
    public ProtocolException(ErrorCode code, String message) {
        super(requireNonNull(message, "message"), null, false, false);
        this.code = requireNonNull(code, "code");
    }

    /** Returns what is wrong. */
    public ErrorCode code() {
        return code;
    }

    /** Returns the text the client is told. */
    public String text() {
        return requireNonNull(getMessage());
    }
}

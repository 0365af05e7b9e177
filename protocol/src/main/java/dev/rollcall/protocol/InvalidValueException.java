package dev.rollcall.protocol;

import static java.util.Objects.requireNonNull;

/**
 * A name or parameter of a request has a value that it cannot have. The text names the value and what was expected, and is meant for the
 * client: no other {@link IllegalArgumentException} is ever shown to one. Carries no stack trace: it is an answer, not a defect.
 */
public final class InvalidValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Makes the error with the text that the client is told. */
    public InvalidValueException(String text) {
        super(requireNonNull(text, "text"));
    }

    /** Returns the text that the client is told. */
    public String text() {
        return requireNonNull(getMessage());
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}

package dev.rollcall.server.access.token;

/** A grant of version 3 asks for something that cannot be. An answer, not a defect, so without a stack trace. */
public final class InvalidGrantException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String detail;
    private final String location;

    /**
     * Makes the exception.
     *
     * @param message what is wrong
     * @param detail more about it, or empty
     * @param location where in the body, or empty
     */
    InvalidGrantException(String message, String detail, String location) {
        super(message, null, false, false);
        this.detail = detail;
        this.location = location;
    }

    public String detail() {
        return detail;
    }

    public String location() {
        return location;
    }
}

package dev.rollcall.cli.base;

/** A command that ends here: the status of the process, and what to say in one line. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** Ends a command; the message says what is wrong, what was expected and what to do next. */
    public Failure(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Says that a word of the command line is wrong. */
    public static Failure usage(String message) {
        return new Failure(Status.USAGE, message);
    }

    /** Says that a value is not what was expected. */
    public static Failure expected(String name, String value, String expected) {
        return usage(name + ": " + value + " (expected: " + expected + ")");
    }

    /** Returns the status of the process. */
    public int status() {
        return status;
    }
}

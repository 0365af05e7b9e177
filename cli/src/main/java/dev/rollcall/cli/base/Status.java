package dev.rollcall.cli.base;

/** What a process says with its status. */
public final class Status {
    /** All is well. */
    public static final int OK = 0;

    /** It failed. */
    public static final int FAILED = 1;

    /** The command line is wrong. */
    public static final int USAGE = 2;

    /** The answer is no: offline, empty, not found. */
    public static final int NO = 3;

    /** Refused: no right, or no token. */
    public static final int REFUSED = 4;

    /** No answer. */
    public static final int UNREACHABLE = 5;

    private Status() {}
}

package dev.rollcall.server.limit;

/** A request is over a limit. Made in numbers when somebody floods the server, so it has no stack trace. */
public final class LimitReachedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int retryAfterSeconds;

    LimitReachedException(Limit limit, int allowed, String unit, long retryAfterSeconds) {
        super(limit.label() + ": " + allowed + unit, null, false, false);
        this.retryAfterSeconds = (int) Math.min(Integer.MAX_VALUE, Math.max(1, retryAfterSeconds));
    }

    /** Returns in how many seconds it makes sense to try again, at least 1. */
    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}

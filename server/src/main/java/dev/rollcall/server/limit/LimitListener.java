package dev.rollcall.server.limit;

/** Told when a limit refuses somebody. Called on any thread, so it must not block. */
@FunctionalInterface
public interface LimitListener {
    /** Takes nothing down. */
    LimitListener NONE = limit -> {};

    /** Takes down that {@code limit} was reached once more. */
    void onLimit(Limit limit);
}

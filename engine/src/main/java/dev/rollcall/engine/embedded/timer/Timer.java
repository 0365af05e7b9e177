package dev.rollcall.engine.embedded.timer;

import org.jspecify.annotations.Nullable;

/**
 * Something that falls due: a node of the lists of a {@link TimerWheel}. Owned by the shard whose wheel it is in; read and changed under
 * that shard's lock only.
 */
public abstract class Timer {
    /** When it falls due, in milliseconds of the monotonic clock, cut to 32 bits; compared by difference. */
    public int deadline;

    @Nullable
    Timer previousTimer;

    @Nullable
    Timer nextTimer;

    /** Returns whether it is in a wheel. */
    public final boolean isScheduled() {
        return nextTimer != null;
    }

    /** Does what is due. It is no longer in the wheel and may be scheduled again. */
    public abstract void onDue(long now);
}

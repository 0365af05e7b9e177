package dev.rollcall.server.limit;

import java.util.concurrent.atomic.AtomicBoolean;

/** The place of one waiting poll among those of its address and its keyset. Safe from any thread. */
public final class PollSlot {
    private final Runnable leave;
    private final AtomicBoolean isLeft = new AtomicBoolean();

    PollSlot(Runnable leave) {
        this.leave = leave;
    }

    /** Gives the place back; only the first call counts. */
    public void release() {
        if (isLeft.compareAndSet(false, true)) {
            leave.run();
        }
    }
}

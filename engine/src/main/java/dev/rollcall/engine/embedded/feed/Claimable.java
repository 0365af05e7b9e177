package dev.rollcall.engine.embedded.feed;

import dev.rollcall.engine.embedded.timer.Timer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * In whose hands a poll is. At any moment it is parked, done, or busy in the hands of exactly one thread: whoever claims it looks through
 * its feeds and then finishes it or parks it again. What happens while it is busy is noted by marking it, and makes that thread look once
 * more. It begins busy, in the hands of its maker. Safe from any thread; takes no lock.
 */
abstract class Claimable extends Timer {
    private static final int BUSY = 0;
    private static final int MARKED = 1;
    private static final int PARKED = 2;
    private static final int DONE = 3;

    private static final VarHandle PHASE;
    private static final VarHandle END;

    static {
        try {
            PHASE = MethodHandles.lookup().findVarHandle(Claimable.class, "phase", int.class);
            END = MethodHandles.lookup().findVarHandle(Claimable.class, "end", End.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int phase = BUSY;
    private volatile End end = End.NONE;

    /** Returns whether it is not finished yet. */
    public final boolean isOpen() {
        return phase != DONE;
    }

    /** Takes it into this thread's hands, which then must park or finish it; or, if another thread has it, makes that look again. */
    final boolean claim() {
        while (true) {
            int seen = phase;
            if (seen == PARKED) {
                if (PHASE.compareAndSet(this, PARKED, BUSY)) {
                    return true;
                }
            } else if (seen != BUSY || PHASE.compareAndSet(this, BUSY, MARKED)) {
                return false;
            }
        }
    }

    /** Lets go of it, unless there is reason to look again: then it stays in this thread's hands. */
    final boolean park() {
        if (PHASE.compareAndSet(this, BUSY, PARKED)) {
            return true;
        }
        phase = BUSY;
        return false;
    }

    /** Ends it for good; it is in this thread's hands. */
    final void finish() {
        phase = DONE;
    }

    /** Notes how it shall end; {@link #claim} must follow. Once the client does not wait any more, nothing else counts. */
    final void ask(End how) {
        End before = end;
        while (!before.isWithoutAnswer() && !END.compareAndSet(this, before, how)) {
            before = end;
        }
    }

    /** Returns how it shall end. */
    final End asked() {
        return end;
    }
}

package dev.rollcall.server.route;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.PollListener;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.server.access.Refusal;
import dev.rollcall.server.limit.PollSlot;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A poll that has a place among a limited number, or stands on something that may be gone while it waits. Safe from any thread. */
final class GuardedPoll implements PollListener {
    private final PollResponse response;
    private final @Nullable PollSlot slot;
    private final AtomicBoolean isOver = new AtomicBoolean();
    private volatile @Nullable Runnable unwatch;

    GuardedPoll(PollResponse response, @Nullable PollSlot slot) {
        this.response = response;
        this.slot = slot;
    }

    /** Has the poll, which may be answered already, refused when {@code watch} calls back. */
    void refuseWhen(Poll poll, Function<Consumer<Refusal>, Runnable> watch) {
        if (isOver.get()) {
            return;
        }
        unwatch = watch.apply(refusal -> {
            end();
            response.refuse(refusal);
            // Whoever may not listen any more is no better than gone.
            poll.revoke();
        });
        if (isOver.get()) {
            unwatch();
        }
    }

    /** Takes note that the poll waits no more, for whatever reason. */
    void end() {
        if (isOver.compareAndSet(false, true)) {
            if (slot != null) {
                slot.release();
            }
            unwatch();
        }
    }

    private void unwatch() {
        Runnable action = unwatch;
        if (action != null) {
            action.run();
        }
    }

    // The place is free before the answer is out: whoever has it may poll again at once.

    @Override
    public void onAnswer(Answer answer) {
        end();
        response.onAnswer(answer);
    }

    @Override
    public void onFailure(ProtocolException failure) {
        end();
        response.onFailure(failure);
    }
}

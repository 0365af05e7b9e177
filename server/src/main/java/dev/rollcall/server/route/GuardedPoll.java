package dev.rollcall.server.route;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.PollListener;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.server.limit.PollSlot;

/** The way back of a poll that has a place among a limited number. Safe from any thread. */
final class GuardedPoll implements PollListener {
    private final PollListener listener;
    private final PollSlot slot;

    GuardedPoll(PollListener listener, PollSlot slot) {
        this.listener = listener;
        this.slot = slot;
    }

    // The place is free before the answer is out: whoever has it may poll again at once.

    @Override
    public void onAnswer(Answer answer) {
        slot.release();
        listener.onAnswer(answer);
    }

    @Override
    public void onFailure(ProtocolException failure) {
        slot.release();
        listener.onFailure(failure);
    }
}

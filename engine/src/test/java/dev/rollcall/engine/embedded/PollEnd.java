package dev.rollcall.engine.embedded;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.PollListener;
import dev.rollcall.protocol.ProtocolException;
import java.util.concurrent.atomic.AtomicLong;

/** A listener that notes where its client goes on, and nothing else. */
record PollEnd(AtomicLong cursor) implements PollListener {
    @Override
    public void onAnswer(Answer answer) {
        cursor.set(answer.timetoken());
    }

    @Override
    public void onFailure(ProtocolException failure) {
        throw new AssertionError(failure);
    }
}

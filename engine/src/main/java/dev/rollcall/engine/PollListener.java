package dev.rollcall.engine;

import dev.rollcall.protocol.ProtocolException;

/**
 * Gets what a subscribe is answered with: exactly one call of one method, unless the poll is cancelled first. Called on any thread,
 * the caller's own included; must not block.
 */
public interface PollListener {
    /** The answer is there. */
    void onAnswer(Answer answer);

    /** There will be no answer. */
    void onFailure(ProtocolException failure);
}

package dev.rollcall.engine.embedded.work;

import dev.rollcall.engine.Answer;

/** Somebody who waits for an answer, which is made or given with no lock held. */
public interface Answerable {
    /** Gives the client its answer. Takes no part in anything any more. */
    void deliver(Answer answer);

    /** Looks whether there is something to answer, in the hands of the calling thread. */
    void collect(Singles singles);
}

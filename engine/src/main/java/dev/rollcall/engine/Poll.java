package dev.rollcall.engine;

/** A subscribe that may still be waiting for its answer. Safe from any thread; every method does nothing once it is answered. */
public interface Poll {
    /** Ends the poll without an answer: the client wants it no more. Means nothing for presence. */
    void cancel();

    /** Ends the poll without an answer: the client's connection is gone. A leave, where the keyset is set so. */
    void disconnect();

    /**
     * Ends the poll without an answer: what it stood on, a token or a grant, is gone. A leave at once, where the keyset has lost connections
     * count as such and no other poll of the user waits.
     */
    void revoke();

    /** Answers now with whatever there is, most likely nothing. */
    void release();
}

package dev.rollcall.engine.embedded.feed;

/** How a poll shall end. */
public enum End {
    /** Not yet. */
    NONE,
    /** With what there is. */
    ANSWER,
    /** With what there is, because the channels of a group are others now. */
    REGROUP,
    /** Without an answer: the client does not want it. */
    CANCEL,
    /** Without an answer: the client is gone. */
    DISCONNECT,
    /** Without an answer: what it stood on is gone. */
    REVOKE,
    /** With a refusal: the user is kept off. */
    REFUSE;

    boolean isWithoutAnswer() {
        return this == CANCEL || this == DISCONNECT || this == REVOKE || this == REFUSE;
    }
}

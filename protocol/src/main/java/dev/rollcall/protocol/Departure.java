package dev.rollcall.protocol;

import java.util.Locale;

/**
 * Why a user is no longer present in a channel. Every departure has one cause, wherever it is shown or sent: in the stream of events, in
 * metrics and, where a keyset asks for causes, on the wire.
 *
 * <p>A revocation of a token or a grant ends the polls that stand on it. Where a lost connection counts as a leave, so does this, at once
 * and as {@link #REVOKED}; elsewhere the presence lasts until its lease ends, since nothing renews it any more, and that is a
 * {@link #TIMEOUT}.
 */
public enum Departure {
    /** The user, or a device of theirs, said that they are leaving. */
    EXPLICIT,
    /** There was no sign of life for the whole presence timeout. */
    TIMEOUT,
    /** The last connection was lost, and nobody came back within the debounce time. */
    DISCONNECT,
    /** An operator took them off. */
    KICK,
    /** What their last poll stood on, a token or a grant, was revoked or has expired. */
    REVOKED,
    /** The channel is no longer tracked: the rules of the keyset, or presence as a whole, were changed. Nothing is sent to clients. */
    RULE_CHANGED,
    /** They were present before a restart or an outage, and there was no sign of life within the time of grace after it. */
    RESTART;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** Returns the word that stands for it on the wire, in JSON and in metrics: {@code rule_changed}. */
    public String word() {
        return word;
    }

    /** Returns whether clients are told of a timeout, rather than of a leave. */
    public boolean isTimeout() {
        return this == TIMEOUT || this == RESTART;
    }
}

package dev.rollcall.protocol;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

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
    EXPLICIT(1),
    /** There was no sign of life for the whole presence timeout. */
    TIMEOUT(2),
    /** The last connection was lost, and nobody came back within the debounce time. */
    DISCONNECT(3),
    /** An operator took them off. */
    KICK(4),
    /** What their last poll stood on, a token or a grant, was revoked or has expired. */
    REVOKED(5),
    /** The channel is no longer tracked: the rules of the keyset, or presence as a whole, were changed. Nothing is sent to clients. */
    RULE_CHANGED(6),
    /** They were present before a restart or an outage, and there was no sign of life within the time of grace after it. */
    RESTART(7);

    private final int number;
    private final String word = name().toLowerCase(Locale.ROOT);

    Departure(int number) {
        this.number = number;
    }

    /** Returns the number that stands for it where it is stored; greater than 0, less than 8. */
    public int number() {
        return number;
    }

    /** Returns what a number stands for, or null if that is nothing, or something that only a later version knows. */
    public static @Nullable Departure of(int number) {
        for (Departure one : values()) {
            if (one.number == number) {
                return one;
            }
        }
        return null;
    }

    /** Returns the word that stands for it on the wire, in JSON and in metrics: {@code rule_changed}. */
    public String word() {
        return word;
    }

    /** Returns whether clients are told of a timeout, rather than of a leave. */
    public boolean isTimeout() {
        return this == TIMEOUT || this == RESTART;
    }
}

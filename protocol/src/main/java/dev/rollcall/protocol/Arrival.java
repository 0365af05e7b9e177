package dev.rollcall.protocol;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What made a user present in a channel, or kept them so. */
public enum Arrival {
    /** A subscribe, or the answer to one. */
    SUBSCRIBE(1),
    /** An explicit heartbeat. */
    HEARTBEAT(2),
    /** They were present before a restart, and are taken to be so until the time of grace is over. Nothing is sent to clients. */
    RESTORED(3),
    /** They were put there before anybody came, by a test or an import. */
    SEED(4);

    private final int number;
    private final String word = name().toLowerCase(Locale.ROOT);

    Arrival(int number) {
        this.number = number;
    }

    /** Returns the number that stands for it where it is stored; greater than 0, less than 8. */
    public int number() {
        return number;
    }

    /** Returns what a number stands for, or null if that is nothing, or something that only a later version knows. */
    public static @Nullable Arrival of(int number) {
        for (Arrival one : values()) {
            if (one.number == number) {
                return one;
            }
        }
        return null;
    }

    /** Returns the word that stands for it on the wire, in JSON and in metrics: {@code heartbeat}. */
    public String word() {
        return word;
    }
}

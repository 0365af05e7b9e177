package dev.rollcall.protocol;

import java.util.Locale;

/** What made a user present in a channel, or kept them so. */
public enum Arrival {
    /** A subscribe, or the answer to one. */
    SUBSCRIBE,
    /** An explicit heartbeat. */
    HEARTBEAT,
    /** They were present before a restart, and are taken to be so until the time of grace is over. Nothing is sent to clients. */
    RESTORED,
    /** They were put there before anybody came, by a test or an import. */
    SEED;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** Returns the word that stands for it on the wire, in JSON and in metrics: {@code heartbeat}. */
    public String word() {
        return word;
    }
}

package dev.rollcall.engine.memory;

import java.util.Locale;

/**
 * What a server holds for clients. Each kind may take a part of the budget at most, so that whoever floods the server with one of them
 * leaves room for the others; the parts are more than the whole together, for no server has much of everything.
 */
public enum MemoryKind {
    /** Messages kept for those who come back for them. The oldest are forgotten. */
    MESSAGES(0, 50),
    /** Feeds of presence channels, kept for twenty minutes after somebody asked for them, and of wildcards. Idle ones are forgotten. */
    FEEDS(1, 30),
    /** Who is present where, and until when. */
    LEASES(2, 70),
    /** States of users in channels. */
    STATES(3, 30),
    /** What is remembered of users who are not present. What nobody could notice is forgotten. */
    ABSENCES(4, 20),
    /** Channel groups. */
    GROUPS(5, 20),
    /** Subscribes that wait. */
    POLLS(6, 40),
    /** Grants and revocations. */
    GRANTS(7, 20),
    /** Requests that are not complete and answers that are not read. */
    BUFFERS(8, 40),
    /** Answers kept because they may be asked for again. Forgotten first. */
    CACHES(9, 10),
    /** Events for those who read the stream of them. The oldest are forgotten. */
    EVENTS(10, 5);

    /** Where it stands in arrays. */
    final int index;

    private final int percent;

    MemoryKind(int index, int percent) {
        this.index = index;
        this.percent = percent;
    }

    /** Returns how much of the budget it may take, in percent. */
    public int percent() {
        return percent;
    }

    /** Returns its name in metrics and messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package dev.rollcall.engine.memory;

import java.util.Locale;

/**
 * What a server holds for clients. Each kind may take a part of the budget at most, so that whoever floods the server with one of them
 * leaves room for the others; the parts are more than the whole together, for no server has much of everything.
 */
public enum MemoryKind {
    /** Messages kept for those who come back for them. The oldest are forgotten. */
    MESSAGES(0, 50, true),
    /** Feeds of presence channels, kept for twenty minutes after somebody asked for them, and of wildcards. Idle ones are forgotten. */
    FEEDS(1, 30, true),
    /** Who is present where, and until when. */
    LEASES(2, 70, true),
    /** States of users in channels. */
    STATES(3, 30, true),
    /** What is remembered of users who are not present. What nobody could notice is forgotten. */
    ABSENCES(4, 20, true),
    /** Channel groups. */
    GROUPS(5, 20, true),
    /** Subscribes that wait. */
    POLLS(6, 40, true),
    /** Grants and revocations. */
    GRANTS(7, 20, false),
    /** Requests that are not complete and answers that are not read. */
    BUFFERS(8, 40, false),
    /** Events for those who read the stream of them. The oldest are forgotten. */
    EVENTS(9, 5, true);

    /** Where it stands in arrays. */
    final int index;

    private final int percent;
    private final boolean isOfEngine;

    MemoryKind(int index, int percent, boolean isOfEngine) {
        this.index = index;
        this.percent = percent;
        this.isOfEngine = isOfEngine;
    }

    /** Returns how much of the budget it may take, in percent. */
    public int percent() {
        return percent;
    }

    /** Returns whether an engine holds it, so that nothing of it is left when another engine takes its place. */
    public boolean isOfEngine() {
        return isOfEngine;
    }

    /** Returns its name in metrics and messages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

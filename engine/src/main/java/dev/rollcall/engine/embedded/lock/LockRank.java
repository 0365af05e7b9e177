package dev.rollcall.engine.embedded.lock;

/**
 * The locks of the engine in the order in which a thread may take them: each only while it holds none of the same or a later rank. Of
 * one rank several may be held only where it says so, in rising order.
 */
public enum LockRank {
    /** Plans of group edits. Within it nothing but leaves of this list may be taken, and nothing is answered. */
    GROUP_EDITS,

    /** A shard: rosters, leases, feeds of channels, timers. Several only by the maker of a wildcard feed, by number. */
    SHARD,

    /** The ring and the waiting polls of a wildcard feed. Several only by whoever posts, the shortest name first. */
    WILDCARD,

    /** The members of a channel group, and the polls that wait for a change of them. */
    GROUP,

    /** A stripe of the index of users. */
    USER_STRIPE
}

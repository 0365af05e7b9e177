package dev.rollcall.engine.embedded.account;

import dev.rollcall.protocol.State;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes of the heap things take, for the memory budget: with what belongs to them alone, headers of 12 bytes, and names of Latin
 * letters counted double, for they may be others. Rather too much than too little; a test measures.
 */
public final class Footprint {
    /** A keyset with nothing in it. */
    public static final int KEYSET = 640;

    /** A lease with its places in two tables, but for the id of a user that is not a UUID. */
    public static final int LEASE = 120;

    /** A channel's entry and its roster. */
    public static final int ROSTER = 240;

    /** The feed of a channel with its entry and no message. */
    public static final int FEED = 360;

    /** The feed of a wildcard, which has a lock of its own. */
    public static final int WILDCARD = 560;

    /** A message but for its text, with its place in a ring. */
    public static final int MESSAGE = 240;

    /** What is remembered of somebody absent, but for names and state. */
    public static final int ABSENCE = 440;

    /** A channel group but for its channels. */
    public static final int GROUP = 1000;

    /** A channel in a channel group, but for its name. */
    public static final int GROUPED_CHANNEL = 150;

    /** A poll with what the server holds for its connection. */
    public static final int POLL = 1200;

    /** What leads to a poll that stands for nobody, by its user. */
    public static final int ONLOOKER = 320;

    /** A poll's place in a feed, and the feed, which may be there for nothing else. */
    public static final int SUBSCRIPTION = 640;

    private static final int STATE = 40;

    private Footprint() {}

    /** Returns the bytes of a name beyond what is counted with its owner. */
    public static long of(String name) {
        return 2L * name.length();
    }

    /** Returns the bytes of a state, 0 for none. */
    public static long of(@Nullable State state) {
        return state == null ? 0 : (long) STATE + state.size();
    }
}

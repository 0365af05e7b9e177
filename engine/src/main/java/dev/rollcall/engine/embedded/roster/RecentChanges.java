package dev.rollcall.engine.embedded.roster;

import dev.rollcall.protocol.Arrival;
import dev.rollcall.protocol.Departure;
import org.jspecify.annotations.Nullable;

/**
 * The last coming or going of users in channels of one shard, for whoever asks why somebody is there, or is not. As many as there are
 * places, each for whoever fell into it last, told apart by 64 bits of seeded hashes: nothing is kept of a name, nothing is allocated, and
 * nothing has to be forgotten. Guarded by the lock of its shard.
 */
public final class RecentChanges {
    private static final int PLACES = 1024;

    /** How many bits of a place say what happened; the others when. */
    private static final int KIND_BITS = 4;

    private static final int KIND_MASK = (1 << KIND_BITS) - 1;

    /** Tells a coming from a going. */
    private static final int CAME = 8;

    private final long[] whose = new long[PLACES];
    private final long[] what = new long[PLACES];

    /** Notes that a user came. */
    void came(int channelHash, int userHash, long epochMillis, Arrival how) {
        note(channelHash, userHash, epochMillis, CAME + how.number());
    }

    /** Notes that a user went. */
    void went(int channelHash, int userHash, long epochMillis, Departure why) {
        note(channelHash, userHash, epochMillis, why.number());
    }

    private void note(int channelHash, int userHash, long epochMillis, int kind) {
        int place = place(channelHash, userHash);
        whose[place] = key(channelHash, userHash);
        what[place] = epochMillis << KIND_BITS | kind;
    }

    /** Returns what is known of the last coming or going of a user, or null. */
    public @Nullable Change find(int channelHash, int userHash) {
        int place = place(channelHash, userHash);
        if (whose[place] != key(channelHash, userHash) || what[place] == 0) {
            return null;
        }
        int kind = (int) what[place] & KIND_MASK;
        return new Change(
                what[place] >>> KIND_BITS,
                kind < CAME ? null : Arrival.of(kind - CAME),
                kind < CAME ? Departure.of(kind) : null);
    }

    private static long key(int channelHash, int userHash) {
        return (long) channelHash << 32 | userHash & 0xFFFF_FFFFL;
    }

    private static int place(int channelHash, int userHash) {
        int mixed = (channelHash * 31 + userHash) * 0x9E3779B9;
        return (mixed ^ mixed >>> 16) & PLACES - 1;
    }

    /**
     * A coming or going.
     *
     * @param epochMillis when
     * @param arrival how they came, or null
     * @param departure why they went, or null
     */
    public record Change(
            long epochMillis,
            @Nullable Arrival arrival,
            @Nullable Departure departure) {}
}

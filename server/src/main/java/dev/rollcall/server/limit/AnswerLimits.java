package dev.rollcall.server.limit;

/**
 * How much work one request may make.
 *
 * @param expandedChannels the most channels it stands for, each group counted as the channels it has
 * @param listedOccupants the most occupants that one here-now answer lists, over all its channels
 * @param bytes the most bytes of one answer about presence or groups
 */
public record AnswerLimits(int expandedChannels, int listedOccupants, int bytes) {
    /** The bytes of one answer where the heap is large enough: as much as one connection may leave unread. */
    public static final int MOST_DEFAULT_BYTES = 8 * 1024 * 1024;

    /** An answer takes up to twice its bytes while it is made, on each event loop. */
    private static final int HEAP_PARTS = 32;

    /** Ten groups of two thousand channels; a hundred full pages; and the bytes of {@link #defaultBytes}. */
    public static final AnswerLimits DEFAULT = new AnswerLimits(20_000, 100_000, defaultBytes());

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range; the message begins with the name of its setting
     */
    public AnswerLimits {
        requireAtLeast(Limit.MAX_EXPANDED_CHANNELS, expandedChannels, 1);
        requireAtLeast(Limit.MAX_LISTED_OCCUPANTS, listedOccupants, 1);
        requireAtLeast(Limit.MAX_ANSWER_BYTES, bytes, 1024);
    }

    /** Returns the bytes of one answer unless they are set: {@link #MOST_DEFAULT_BYTES}, or a thirty-second of the heap if that is less. */
    public static int defaultBytes() {
        return (int) Math.min(MOST_DEFAULT_BYTES, Runtime.getRuntime().maxMemory() / HEAP_PARTS);
    }

    private static void requireAtLeast(Limit limit, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(limit.label() + ": " + value + " (expected: >= " + least + ")");
        }
    }
}

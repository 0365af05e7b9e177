package dev.rollcall.engine.embedded.table;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Hashes of what clients choose: names of channels and users. Other than {@link String#hashCode} it depends on a number drawn at the
 * start, so that nobody can choose ten thousand names that fall into one chain of a table.
 */
public final class SeededHash {
    private static final long FACTOR = ThreadLocalRandom.current().nextLong() | 1;
    private static final long FACTOR_2 = FACTOR * FACTOR;
    private static final long FACTOR_3 = FACTOR_2 * FACTOR;
    private static final long FACTOR_4 = FACTOR_3 * FACTOR;
    private static final long FINISH = ThreadLocalRandom.current().nextLong() | 1;

    private SeededHash() {}

    /** Hashes a text: a polynomial of its characters, four at a step, so that the multiplications need not wait for each other. */
    public static int of(String text) {
        int length = text.length();
        long hash = length;
        int i = 0;
        for (; i + 4 <= length; i += 4) {
            hash = hash * FACTOR_4
                    + text.charAt(i) * FACTOR_3
                    + text.charAt(i + 1) * FACTOR_2
                    + text.charAt(i + 2) * FACTOR
                    + text.charAt(i + 3);
        }
        for (; i < length; i++) {
            hash = hash * FACTOR + text.charAt(i);
        }
        return finish(hash);
    }

    /** Hashes 128 bits. */
    public static int of(long high, long low) {
        return finish(high * FACTOR + low);
    }

    /** Hashes two hashes. */
    public static int of(int first, int second) {
        return finish(first * FACTOR + second);
    }

    /** The upper bits of the products are those that every bit of the input has a part in. */
    private static int finish(long hash) {
        long mixed = (hash ^ hash >>> 32) * FINISH;
        return (int) (mixed >>> 32);
    }
}

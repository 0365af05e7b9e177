package dev.rollcall.server.limit;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Token buckets, one for each key, in a table of fixed size. A bucket fills at the rate and holds {@link #BURST_SECONDS} seconds' worth.
 * It is kept as the one number from which its level follows: the time at which it will be full again. When there are more keys than
 * places, the fullest bucket of a few gives way, which is the one that had least to remember; so whoever sprays addresses gets no more
 * memory and frees nobody who is over their rate. Allocates nothing once made. Safe from any thread.
 */
final class RateLimiter {
    /** What a client that was quiet for so long may send at once. */
    static final int BURST_SECONDS = 5;

    private static final int WAYS = 8;
    private static final int DEFAULT_SETS = 8192;
    private static final int LOCKS = 64;

    private final int rate;
    private final long nanosPerRequest;
    private final long burstNanos;
    private final int sets;
    private final long[] keys;
    private final long[] fullAt;
    private final Object[] locks = new Object[LOCKS];

    /** Which keys share a set is not to be known from outside, or one client could be made to share with many. */
    private final long seed = ThreadLocalRandom.current().nextLong() | 1;

    /** Makes full buckets for {@code rate} requests a second. */
    RateLimiter(int rate, long nowNanos) {
        this(rate, nowNanos, DEFAULT_SETS);
    }

    RateLimiter(int rate, long nowNanos, int sets) {
        this.rate = rate;
        this.sets = sets;
        nanosPerRequest = Math.max(1, TimeUnit.SECONDS.toNanos(1) / rate);
        burstNanos = nanosPerRequest * rate * BURST_SECONDS;
        keys = new long[sets * WAYS];
        fullAt = new long[sets * WAYS];
        Arrays.fill(fullAt, nowNanos);
        Arrays.setAll(locks, i -> new Object());
    }

    /** Returns the requests a second. */
    int rate() {
        return rate;
    }

    /** Takes a token of the key's bucket and returns 0, or returns the nanoseconds until there is one. */
    long take(long key, long nowNanos) {
        long hash = (key ^ seed) * 0x9E3779B97F4A7C15L;
        int set = (int) Long.remainderUnsigned(hash ^ hash >>> 32, sets);
        synchronized (locks[set % LOCKS]) {
            int place = place(set * WAYS, key, nowNanos);
            long full = fullAt[place];
            long missing = full - nowNanos <= 0 ? 0 : full - nowNanos;
            long over = missing + nanosPerRequest - burstNanos;
            if (over > 0) {
                return over;
            }
            fullAt[place] = nowNanos + missing + nanosPerRequest;
            return 0;
        }
    }

    /** Returns the place of the key, which it gets now if it has none. */
    private int place(int first, long key, long nowNanos) {
        int fullest = first;
        for (int i = first; i < first + WAYS; i++) {
            if (keys[i] == key) {
                return i;
            }
            if (fullAt[i] - fullAt[fullest] < 0) {
                fullest = i;
            }
        }
        keys[fullest] = key;
        fullAt[fullest] = nowNanos;
        return fullest;
    }
}

package dev.rollcall.server.metrics;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** How long something took, or how late it was, in milliseconds: counts in fixed buckets. Safe from any thread. */
public final class Histogram {
    /** Upper bounds of the buckets in milliseconds; one more bucket holds what is above. */
    private static final int[] BOUNDS_MILLIS = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000};

    private final LongAdder[] counts = new LongAdder[BOUNDS_MILLIS.length + 1];
    private final LongAdder sumMillis = new LongAdder();
    private final LongAccumulator maxMillis = new LongAccumulator(Math::max, 0);

    Histogram() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    void record(long millis) {
        int bucket = 0;
        while (bucket < BOUNDS_MILLIS.length && millis > BOUNDS_MILLIS[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        if (millis > 0) {
            sumMillis.add(millis);
            maxMillis.accumulate(millis);
        }
    }

    /** Returns the upper bounds of the buckets in seconds, infinity for the last. */
    double[] boundsSeconds() {
        double[] bounds = new double[counts.length];
        for (int i = 0; i < BOUNDS_MILLIS.length; i++) {
            bounds[i] = BOUNDS_MILLIS[i] / 1000.0;
        }
        bounds[BOUNDS_MILLIS.length] = Double.POSITIVE_INFINITY;
        return bounds;
    }

    /** Returns the number in each bucket, and in no other. */
    long[] counts() {
        long[] now = new long[counts.length];
        for (int i = 0; i < now.length; i++) {
            now[i] = counts[i].sum();
        }
        return now;
    }

    /** Returns the bound below which that part of all lies; the greatest of all where it is in the last bucket, 0 where there are none. */
    double quantileSeconds(double part) {
        long[] now = counts();
        long all = 0;
        for (long count : now) {
            all += count;
        }
        long below = 0;
        for (int i = 0; i < BOUNDS_MILLIS.length; i++) {
            below += now[i];
            if (all > 0 && below >= part * all) {
                return BOUNDS_MILLIS[i] / 1000.0;
            }
        }
        return all == 0 ? 0 : maxSeconds();
    }

    double sumSeconds() {
        return sumMillis.sum() / 1000.0;
    }

    double maxSeconds() {
        return maxMillis.get() / 1000.0;
    }
}

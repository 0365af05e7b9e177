package dev.rollcall.server.metrics;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** How late leases ended after their deadline: a histogram in fixed buckets. Safe from any thread. */
public final class Lateness {
    /** Upper bounds of the buckets in milliseconds; one more bucket holds what is above. */
    private static final int[] BOUNDS_MILLIS = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000};

    private final LongAdder[] counts = new LongAdder[BOUNDS_MILLIS.length + 1];
    private final LongAdder sumMillis = new LongAdder();
    private final LongAccumulator maxMillis = new LongAccumulator(Math::max, 0);

    Lateness() {
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
        sumMillis.add(Math.max(millis, 0));
        maxMillis.accumulate(millis);
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

    /** Returns the number of leases in each bucket, and in no other. */
    long[] counts() {
        long[] now = new long[counts.length];
        for (int i = 0; i < now.length; i++) {
            now[i] = counts[i].sum();
        }
        return now;
    }

    double sumSeconds() {
        return sumMillis.sum() / 1000.0;
    }

    double maxSeconds() {
        return maxMillis.get() / 1000.0;
    }
}

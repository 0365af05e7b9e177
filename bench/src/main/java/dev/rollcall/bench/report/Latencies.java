package dev.rollcall.bench.report;

/**
 * A histogram of times in nanoseconds: exact below 64, within 1.6 percent above. One thread records; others may read when it has
 * stopped.
 */
public final class Latencies {
    private static final int STEP_BITS = 6;
    private static final int STEPS = 1 << STEP_BITS;

    private final long[] counts = new long[(Long.SIZE - STEP_BITS) << STEP_BITS];
    private long count;
    private long max;

    /** Records a time; a negative one counts as none. */
    public void record(long nanos) {
        long time = Math.max(nanos, 0);
        counts[index(time)]++;
        count++;
        max = Math.max(max, time);
    }

    /** Adds all of {@code other}. */
    public void add(Latencies other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        count += other.count;
        max = Math.max(max, other.max);
    }

    /** Returns how many times were recorded. */
    public long count() {
        return count;
    }

    /** Returns the longest time in nanoseconds, exactly; 0 if there is none. */
    public double max() {
        return max;
    }

    /**
     * Returns the time in nanoseconds that a share of all did not exceed.
     *
     * @param share 0.5 for the median, 0.99 for the 99th percentile
     */
    public double quantile(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * count));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return Math.min(largestOf(i), max);
            }
        }
        return max;
    }

    private static int index(long time) {
        if (time < STEPS) {
            return (int) time;
        }
        int shift = Long.SIZE - 1 - STEP_BITS - Long.numberOfLeadingZeros(time);
        return (shift + 1 << STEP_BITS) + (int) (time >>> shift) - STEPS;
    }

    private static long largestOf(int index) {
        int shift = (index >> STEP_BITS) - 1;
        if (shift < 0) {
            return index;
        }
        return ((index & STEPS - 1) + STEPS + 1L << shift) - 1;
    }
}

package dev.rollcall.bench.report;

import java.util.Arrays;
import java.util.function.DoubleFunction;

/** The same figure taken several times. Immutable. */
public final class Series {
    private final double[] sorted;

    private Series(double[] sorted) {
        this.sorted = sorted;
    }

    /** Makes a series of at least one value. */
    public static Series of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("values: none (expected: at least one)");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Series(sorted);
    }

    /** Returns the middle value, or the mean of the two in the middle. */
    public double median() {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Returns the smallest value. */
    public double min() {
        return sorted[0];
    }

    /** Returns the largest value. */
    public double max() {
        return sorted[sorted.length - 1];
    }

    /** Returns {@code median (min..max)}. */
    public String text(DoubleFunction<String> format) {
        return sorted.length == 1
                ? format.apply(median())
                : format.apply(median()) + " (" + format.apply(min()) + ".." + format.apply(max()) + ")";
    }
}

package dev.rollcall.bench.report;

import java.util.Locale;

/** How figures are written. */
public final class Figures {
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_MILLI = 1e6;

    private Figures() {}

    /** Writes a whole number in groups of three digits. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Writes a number, rounded, in groups of three digits. */
    public static String count(double number) {
        return count(Math.round(number));
    }

    /** Writes a number with two places below 10, one below 100, and none above. */
    public static String plain(double number) {
        double size = Math.abs(number);
        if (size >= 100) {
            return count(number);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.2f", number);
    }

    /** Writes nanoseconds as microseconds. */
    public static String micros(double nanos) {
        return plain(nanos / NANOS_PER_MICRO);
    }

    /** Writes nanoseconds as milliseconds. */
    public static String millis(double nanos) {
        return plain(nanos / NANOS_PER_MILLI);
    }

    /** Writes a ratio. */
    public static String ratio(double ratio) {
        return String.format(Locale.ROOT, "%.2f x", ratio);
    }

    /** Writes bytes as kilobytes of 1,024. */
    public static String kilobytes(double bytes) {
        return String.format(Locale.ROOT, "%.2f", bytes / 1024);
    }

    /** Writes bytes as megabytes of 1,048,576. */
    public static String megabytes(double bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / (1024 * 1024));
    }
}

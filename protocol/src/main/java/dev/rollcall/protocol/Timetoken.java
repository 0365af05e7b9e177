package dev.rollcall.protocol;

/**
 * A position in the feed of a keyset: the number of 100-nanosecond units since the Unix epoch, 17 decimal digits. Greater than 2^53,
 * so it must never pass through a {@code double}.
 *
 * @param value the number of 100-nanosecond units, 0 for "from now on"
 */
public record Timetoken(long value) implements Comparable<Timetoken> {
    /** "From now on": what a client sends first. */
    public static final Timetoken ZERO = new Timetoken(0);

    /** Digits of every timetoken between the years 1973 and 2286. */
    public static final int DIGITS = 17;

    private static final long PER_MILLISECOND = 10_000;

    /** Refuses a negative position. */
    public Timetoken {
        if (value < 0) {
            throw new InvalidValueException("timetoken: " + value + " (expected: >= 0)");
        }
    }

    /** Returns the first position of a millisecond since the Unix epoch. */
    public static Timetoken ofEpochMillis(long epochMillis) {
        return new Timetoken(epochMillis * PER_MILLISECOND);
    }

    /**
     * Reads a decimal position of at most 19 digits.
     *
     * @throws InvalidValueException if {@code text} is anything else
     */
    public static Timetoken parse(String text) {
        int length = text.length();
        if (length == 0 || length > 19) {
            throw malformed(text);
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
                throw malformed(text);
            }
            value = value * 10 + digit;
        }
        return new Timetoken(value);
    }

    private static InvalidValueException malformed(String text) {
        String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
        return new InvalidValueException("timetoken: " + shown + " (expected: up to 19 decimal digits)");
    }

    /** Returns the milliseconds since the Unix epoch, rounded down. */
    public long epochMillis() {
        return value / PER_MILLISECOND;
    }

    @Override
    public int compareTo(Timetoken other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}

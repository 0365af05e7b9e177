package dev.rollcall.server.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Durations as they stand in a file: {@code 250ms}, {@code 10s}, {@code 5m}, {@code 1h}, or a bare number of seconds. */
public final class Durations {
    private static final int MAX_DIGITS = 9;

    private Durations() {}

    /** Returns the duration, or null if {@code text} is none. */
    public static @Nullable Duration parse(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        Long amount = digits > MAX_DIGITS ? null : WholeNumber.parseLong(text.substring(0, digits));
        if (amount == null) {
            return null;
        }
        return switch (text.substring(digits).strip()) {
            case "ms" -> Duration.ofMillis(amount);
            case "", "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> null;
        };
    }

    /** Returns the shortest text that stands for {@code duration}. */
    static String format(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }
}

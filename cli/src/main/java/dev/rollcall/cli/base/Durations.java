package dev.rollcall.cli.base;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them. */
public final class Durations {
    private static final Pattern PATTERN = Pattern.compile("(\\d{1,9})(ms|s|m|h|d|)");

    private Durations() {}

    /** Reads {@code 250ms}, {@code 30s}, {@code 10m}, {@code 24h}, {@code 7d}, or a bare number of seconds. */
    public static Duration parse(String name, String text) {
        Matcher found = PATTERN.matcher(text);
        if (!found.matches()) {
            throw Failure.expected(name, text, "a duration such as 30s, 10m or 24h");
        }
        long number = Long.parseLong(found.group(1));
        return switch (found.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofSeconds(number);
        };
    }

    /** Returns a duration in words of its two largest units: {@code 4 min 12 s}. */
    public static String words(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds >= 86_400) {
            return seconds / 86_400 + " d " + seconds % 86_400 / 3_600 + " h";
        }
        if (seconds >= 3_600) {
            return seconds / 3_600 + " h " + seconds % 3_600 / 60 + " min";
        }
        return seconds >= 60 ? seconds / 60 + " min " + seconds % 60 + " s" : seconds + " s";
    }
}

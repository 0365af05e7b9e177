package dev.rollcall.engine.explain;

/** How long something took or takes, for people: the two largest units. */
final class Spans {
    private Spans() {}

    /** Returns a span of milliseconds as text, such as {@code 4 min 12 s}; what is below zero as {@code 0 ms}. */
    static String of(long millis) {
        if (millis < 1000) {
            return Math.max(0, millis) + " ms";
        }
        long seconds = millis / 1000;
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return two(seconds / 60, " min", seconds % 60, " s");
        }
        if (seconds < 86_400) {
            return two(seconds / 3600, " h", seconds / 60 % 60, " min");
        }
        return two(seconds / 86_400, " d", seconds / 3600 % 24, " h");
    }

    private static String two(long large, String unit, long small, String smallUnit) {
        return small == 0 ? large + unit : large + unit + ' ' + small + smallUnit;
    }
}

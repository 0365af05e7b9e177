package dev.rollcall.server.config;

import java.time.Duration;

/**
 * How presence in the memory of this process outlives it; counts where there is a data directory only.
 *
 * @param interval how often presence is written to the data directory while the server runs, zero for never
 * @param grace how much longer than what was left of them leases last after a start
 */
public record RestartConfig(Duration interval, Duration grace) {
    private static final Duration LONGEST = Duration.ofHours(1);

    /** Checks the values. */
    public RestartConfig {
        check(Setting.SNAPSHOT_INTERVAL, interval);
        check(Setting.RESTART_GRACE, grace);
    }

    private static void check(Setting setting, Duration value) {
        if (value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new ConfigException(setting.key() + ": " + value.toSeconds() + "s (expected: 0..1h)");
        }
    }

    /** Returns the defaults. */
    public static RestartConfig defaults() {
        return new RestartConfig(
                parse(Setting.SNAPSHOT_INTERVAL, Setting.SNAPSHOT_INTERVAL.defaultValue()),
                parse(Setting.RESTART_GRACE, Setting.RESTART_GRACE.defaultValue()));
    }

    static Duration parse(Setting setting, String text) {
        Duration value = Durations.parse(text);
        if (value == null) {
            throw new ConfigException(setting.key() + ": " + text + " (expected: a duration such as 500ms, 5s or 2m)");
        }
        return value;
    }
}

package dev.rollcall.testkit;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the presence of a keyset behaves: the settings of {@code docs/configuration.md}. Not safe for several threads. */
public final class TestPresence {
    private final Map<String, Object> settings = new LinkedHashMap<>();

    TestPresence() {}

    /** Sets the most occupants of a channel for which every join, leave and timeout is announced. */
    public TestPresence announceMax(int occupants) {
        return set("announce-max", occupants);
    }

    /** Sets the time between interval events. */
    public TestPresence interval(Duration interval) {
        return set("interval", interval.toMillis() + "ms");
    }

    /** Sets whether interval events list who came and went. */
    public TestPresence deltas(boolean on) {
        return set("deltas", on);
    }

    /** Sets how long a sign of life lasts when the client asks for nothing else. */
    public TestPresence timeout(Duration timeout) {
        return set("presence-timeout", timeout.toMillis() + "ms");
    }

    /** Sets whether a closed connection counts as a leave. */
    public TestPresence leaveOnDisconnect(boolean on) {
        return set("leave-on-disconnect", on);
    }

    /** Sets how long after a leave a subscribe does not make the user join again. */
    public TestPresence debounce(Duration debounce) {
        return set("debounce", debounce.toMillis() + "ms");
    }

    /** Sets any other setting, by its name in the configuration. */
    public TestPresence set(String name, Object value) {
        settings.put(name, value);
        return this;
    }

    Map<String, Object> settings() {
        return settings;
    }
}

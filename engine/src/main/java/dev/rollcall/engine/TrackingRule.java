package dev.rollcall.engine;

import java.util.EnumSet;
import java.util.Set;

/**
 * Which presence events the channels of a pattern have. The first rule that matches a channel counts; a channel that no rule matches
 * is not tracked.
 *
 * @param pattern a channel name in which each {@code *} stands for any characters, none included
 * @param events what is announced; empty means that the channel is not tracked at all
 */
public record TrackingRule(String pattern, Set<Event> events) {
    /** The kinds of presence events that a rule can switch. */
    public enum Event {
        /** Somebody came. */
        JOIN,
        /** Somebody said that they go. */
        LEAVE,
        /** Somebody went silent. */
        TIMEOUT,
        /** Somebody's state changed. */
        STATE_CHANGE,
        /** The periodic summary of a crowded channel. */
        INTERVAL
    }

    /** Copies the set. */
    public TrackingRule {
        if (pattern.isEmpty()) {
            throw new IllegalArgumentException("pattern: empty (expected: a channel name, * for any characters)");
        }
        events = events.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(events));
    }

    /** Returns whether the pattern covers {@code channel}. */
    public boolean matches(String channel) {
        int p = 0;
        int c = 0;
        int star = -1;
        int retry = 0;
        while (c < channel.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                retry = c;
            } else if (p < pattern.length() && pattern.charAt(p) == channel.charAt(c)) {
                p++;
                c++;
            } else if (star >= 0) {
                p = star + 1;
                c = ++retry;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}

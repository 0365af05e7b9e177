package dev.rollcall.engine.directory;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.TrackingRule;
import dev.rollcall.engine.base.TrackedEvents;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why a channel is tracked, or is not.
 *
 * @param presenceEnabled whether the keyset has presence at all
 * @param index the place of the rule that matches, from 1 as they stand in the configuration; {@link #NO_RULE} if none does,
 *     {@link #NO_RULES} where there are none and every channel is tracked
 * @param pattern the pattern of that rule, or null
 * @param events what is announced; empty means that the channel is not tracked
 */
public record RuleView(
        boolean presenceEnabled, int index, @Nullable String pattern, Set<TrackingRule.Event> events) {
    /** The keyset has rules, and none matches. */
    public static final int NO_RULE = 0;

    /** The keyset has no rules, so every channel is tracked with all events. */
    public static final int NO_RULES = -1;

    /** Copies the set. */
    public RuleView {
        events = Set.copyOf(events);
    }

    /** Returns what the settings of a keyset say of a channel. */
    public static RuleView of(KeysetSettings settings, String channel) {
        Set<TrackingRule.Event> events = TrackedEvents.of(settings, channel);
        List<TrackingRule> rules = settings.rules();
        if (rules == null) {
            return new RuleView(settings.presenceEnabled(), NO_RULES, null, events);
        }
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).matches(channel)) {
                return new RuleView(
                        settings.presenceEnabled(), i + 1, rules.get(i).pattern(), events);
            }
        }
        return new RuleView(settings.presenceEnabled(), NO_RULE, null, events);
    }

    /** Returns why, in a sentence. */
    public String sentence() {
        if (!presenceEnabled) {
            return "Not tracked: presence is off for this keyset.";
        }
        if (index == NO_RULES) {
            return "Tracked: the keyset has no rules, so every channel is.";
        }
        if (index == NO_RULE) {
            return "Not tracked: no rule of the keyset matches.";
        }
        return isTracked()
                ? "Tracked: rule " + index + " is the first that matches."
                : "Not tracked: rule " + index + " is the first that matches, and switches all events off.";
    }

    /** Returns whether anybody can be present. */
    public boolean isTracked() {
        return !events.isEmpty();
    }
}

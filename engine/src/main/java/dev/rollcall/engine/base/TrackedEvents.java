package dev.rollcall.engine.base;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.TrackingRule;
import dev.rollcall.engine.TrackingRule.Event;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Which presence events a channel has. */
public final class TrackedEvents {
    private static final Set<Event> ALL = Set.copyOf(EnumSet.allOf(Event.class));

    private TrackedEvents() {}

    /** Returns the events of {@code channel}; none at all means that it is not tracked. */
    public static Set<Event> of(KeysetSettings settings, String channel) {
        if (!settings.presenceEnabled()) {
            return Set.of();
        }
        List<TrackingRule> rules = settings.rules();
        if (rules == null) {
            return ALL;
        }
        for (TrackingRule rule : rules) {
            if (rule.matches(channel)) {
                return rule.events();
            }
        }
        return Set.of();
    }
}

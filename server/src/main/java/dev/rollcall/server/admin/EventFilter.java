package dev.rollcall.server.admin;

import dev.rollcall.engine.TrackingRule;
import dev.rollcall.engine.events.Event;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which events an operator wants. What is empty selects nothing out.
 *
 * @param key the keyset, or null for all
 * @param kinds kinds of events, by word
 * @param causes causes, by word
 * @param channels patterns of channels
 * @param users users
 */
record EventFilter(
        @Nullable SubscribeKey key,
        Set<String> kinds,
        Set<String> causes,
        List<TrackingRule> channels,
        Set<String> users)
        implements Predicate<Event> {
    private static final int MOST_PATTERNS = 100;

    static EventFilter of(@Nullable SubscribeKey key, AdminCall call) {
        List<String> patterns = call.texts("channels");
        if (patterns.size() > MOST_PATTERNS) {
            throw new AdminException(400, "channels: " + patterns.size(), "at most " + MOST_PATTERNS);
        }
        if (patterns.contains("")) {
            throw new AdminException(400, "channels: an empty name", "channel names, * for any characters");
        }
        return new EventFilter(
                key,
                new HashSet<>(call.texts("kinds")),
                new HashSet<>(call.texts("causes")),
                patterns.stream()
                        .map(pattern -> new TrackingRule(pattern, Set.of()))
                        .toList(),
                new HashSet<>(call.texts("users")));
    }

    @Override
    public boolean test(Event event) {
        UserId user = event.user();
        String cause = event.cause();
        return (key == null || key.equals(event.key()))
                && (kinds.isEmpty() || kinds.contains(event.kind().word()))
                && (causes.isEmpty() || cause != null && causes.contains(cause))
                && (users.isEmpty() || user != null && users.contains(user.value()))
                && (channels.isEmpty() || isWanted(event.channel().name()));
    }

    private boolean isWanted(String channel) {
        for (TrackingRule pattern : channels) {
            if (pattern.matches(channel)) {
                return true;
            }
        }
        return false;
    }
}

package dev.rollcall.engine.redis;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.TrackingRule;
import dev.rollcall.engine.TrackingRule.Event;
import dev.rollcall.protocol.SubscribeKey;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The settings of one keyset, as scripts want them. Safe from any thread. */
final class Keyset {
    private static final Set<Event> ALL_EVENTS = Set.copyOf(EnumSet.allOf(Event.class));

    final SubscribeKey key;
    private volatile KeysetSettings settings;
    private volatile long lastUse;

    Keyset(SubscribeKey key, KeysetSettings settings) {
        this.key = key;
        this.settings = settings;
    }

    /** Notes that a request came at {@code now}. Writes seldom, so that the line is not fought over. */
    void use(long now) {
        if (now - lastUse > 1000) {
            lastUse = now;
        }
    }

    boolean isUnusedSince(long moment) {
        return lastUse - moment <= 0;
    }

    KeysetSettings settings() {
        return settings;
    }

    void configure(KeysetSettings changed) {
        settings = changed;
    }

    boolean isTracked(String channel) {
        return !events(channel).isEmpty();
    }

    private Set<Event> events(String channel) {
        KeysetSettings current = settings;
        if (!current.presenceEnabled()) {
            return Set.of();
        }
        List<TrackingRule> rules = current.rules();
        if (rules == null) {
            return ALL_EVENTS;
        }
        for (TrackingRule rule : rules) {
            if (rule.matches(channel)) {
                return rule.events();
            }
        }
        return Set.of();
    }

    /** Returns the arguments 2 to 10 of {@code channel.lua}, followed by {@code more}. */
    String[] arguments(String channel, String... more) {
        List<String> settings = settings(channel);
        String[] arguments = new String[2 + settings.size() + more.length];
        arguments[0] = Names.member(key, channel);
        arguments[1] = channel;
        for (int i = 0; i < settings.size(); i++) {
            arguments[2 + i] = settings.get(i);
        }
        System.arraycopy(more, 0, arguments, arguments.length - more.length, more.length);
        return arguments;
    }

    /** Returns those of them that tell the settings of the channel. */
    List<String> settings(String channel) {
        KeysetSettings current = settings;
        return List.of(
                Integer.toString(current.announceMax()),
                Long.toString(current.interval().toMillis()),
                current.deltas() ? "1" : "0",
                letters(events(channel)),
                Long.toString(current.debounce().toMillis()),
                Long.toString(current.presenceTimeout().toSeconds()),
                Long.toString(current.limits().keptBytes()));
    }

    private static String letters(Set<Event> events) {
        StringBuilder letters = new StringBuilder();
        for (Event event : events) {
            letters.append(
                    switch (event) {
                        case JOIN -> 'j';
                        case LEAVE -> 'l';
                        case TIMEOUT -> 't';
                        case STATE_CHANGE -> 's';
                        case INTERVAL -> 'i';
                    });
        }
        return letters.toString();
    }
}

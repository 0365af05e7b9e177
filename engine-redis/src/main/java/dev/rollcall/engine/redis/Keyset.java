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

    /** Returns the arguments 2 to 9 of {@code channel.lua}, followed by {@code more}. */
    String[] arguments(String channel, String... more) {
        KeysetSettings current = settings;
        String[] arguments = new String[8 + more.length];
        arguments[0] = Names.member(key, channel);
        arguments[1] = channel;
        arguments[2] = Integer.toString(current.announceMax());
        arguments[3] = Long.toString(current.interval().toMillis());
        arguments[4] = current.deltas() ? "1" : "0";
        arguments[5] = letters(events(channel));
        arguments[6] = Long.toString(current.debounce().toMillis());
        arguments[7] = Long.toString(current.presenceTimeout().toSeconds());
        System.arraycopy(more, 0, arguments, 8, more.length);
        return arguments;
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

package dev.rollcall.engine.embedded;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.TrackingRule;
import dev.rollcall.engine.TrackingRule.Event;
import dev.rollcall.protocol.SubscribeKey;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is known of one keyset beside its channels: settings, channel groups, wildcards. Safe from any thread; who is where stands in the
 * shards.
 */
final class Keyset {
    private static final Set<Event> ALL_EVENTS = Set.copyOf(EnumSet.allOf(Event.class));

    final SubscribeKey key;
    final ConcurrentHashMap<String, Group> groups = new ConcurrentHashMap<>();
    final ConcurrentHashMap<String, WildcardFeed> wildcards = new ConcurrentHashMap<>();

    /** Channels, absentees, groups and wildcards that belong here; at 0 the keyset can be forgotten. */
    final AtomicInteger references = new AtomicInteger();

    private volatile KeysetSettings settings;
    private volatile long lastUse;

    Keyset(SubscribeKey key, KeysetSettings settings, long now) {
        this.key = key;
        this.settings = settings;
        this.lastUse = now;
    }

    KeysetSettings settings() {
        return settings;
    }

    void configure(KeysetSettings changed) {
        settings = changed;
    }

    /** Notes that a request came at {@code now}. Writes seldom, so that the line is not fought over. */
    void use(long now) {
        if (now - lastUse > 1000) {
            lastUse = now;
        }
    }

    boolean isIdleSince(long moment) {
        return references.get() == 0 && lastUse - moment <= 0;
    }

    /** Returns the events a channel has; none at all means that it is not tracked. */
    Set<Event> events(String channel) {
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
}

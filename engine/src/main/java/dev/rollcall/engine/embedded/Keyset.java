package dev.rollcall.engine.embedded;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.TrackingRule.Event;
import dev.rollcall.engine.base.TrackedEvents;
import dev.rollcall.protocol.SubscribeKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is known of one keyset beside its channels: settings, channel groups, wildcards. Safe from any thread; who is where stands in the
 * shards.
 */
final class Keyset {
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
        return TrackedEvents.of(settings, channel);
    }
}

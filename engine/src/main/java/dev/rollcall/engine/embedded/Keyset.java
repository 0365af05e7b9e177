package dev.rollcall.engine.embedded;

import dev.rollcall.engine.KeysetLimits;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.TrackingRule.Event;
import dev.rollcall.engine.base.TrackedEvents;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What is known of one keyset beside its channels: settings, channel groups, wildcards. Safe from any thread; who is where stands in the
 * shards.
 */
final class Keyset {
    final SubscribeKey key;
    final MemoryBudget memory;
    final ConcurrentHashMap<String, Group> groups = new ConcurrentHashMap<>();
    final ConcurrentHashMap<String, WildcardFeed> wildcards = new ConcurrentHashMap<>();

    /** Channels, absentees, groups and wildcards that belong here; at 0 the keyset can be forgotten. */
    final AtomicInteger references = new AtomicInteger();

    /** Bytes of messages and states that are kept. */
    private final LongAdder kept = new LongAdder();

    /** Channels of all groups together. */
    private final AtomicInteger grouped = new AtomicInteger();

    private volatile KeysetSettings settings;
    private volatile long lastUse;

    Keyset(SubscribeKey key, KeysetSettings settings, MemoryBudget memory, long now) {
        this.key = key;
        this.memory = memory;
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

    /** Takes down that so many bytes more of messages or states are kept; negative for less. */
    void kept(MemoryKind kind, long bytes) {
        if (bytes != 0) {
            memory.add(kind, bytes);
            kept.add(bytes);
        }
    }

    /** Returns whether more is kept than the settings allow. */
    boolean keepsTooMuch(long more) {
        long most = settings.limits().keptBytes();
        return most > 0 && kept.sum() + more > most;
    }

    /** Returns whether states may grow by {@code more} bytes. */
    boolean hasRoomForState(long more) {
        return more <= 0 || !keepsTooMuch(more) && memory.hasRoom(MemoryKind.STATES, more);
    }

    /** Returns the refusal of a state for which there is no room. */
    ProtocolException refusalOfState(long more) {
        return keepsTooMuch(more)
                ? overLimit("max-kept-bytes", settings.limits().keptBytes())
                : MemoryBudget.refusal(MemoryKind.STATES);
    }

    /** Takes down that so many channels more are in groups. */
    void grouped(int channels) {
        grouped.addAndGet(channels);
    }

    /**
     * Refuses a group, or channels in one, beyond what there may be.
     *
     * @param fresh whether the group is not there yet
     * @param more the channels that come into it
     */
    void requireRoomForGroup(boolean fresh, int more) {
        KeysetLimits limits = settings.limits();
        if (fresh && groups.size() >= limits.groups()) {
            throw overLimit("max-groups", limits.groups());
        }
        if (more > 0 && grouped.get() + more > limits.groupedChannels()) {
            throw overLimit("max-grouped-channels", limits.groupedChannels());
        }
        memory.require(MemoryKind.GROUPS, (fresh ? Footprint.GROUP : 0) + (long) more * Footprint.GROUPED_CHANNEL);
    }

    /** Refuses a wildcard beyond what there may be. */
    void requireRoomForWildcard() {
        if (wildcards.size() >= settings.limits().wildcards()) {
            throw overLimit("max-wildcards", settings.limits().wildcards());
        }
        memory.require(MemoryKind.FEEDS, Footprint.WILDCARD);
    }

    /** Returns the refusal of what a limit of the keyset does not allow. */
    static ProtocolException overLimit(String setting, long most) {
        return new ProtocolException(
                ErrorCode.RATE_LIMITED, ErrorCode.RATE_LIMITED.text() + ", " + setting + ": " + most);
    }

    boolean isIdleSince(long moment) {
        return references.get() == 0 && lastUse - moment <= 0;
    }

    /** Returns the events a channel has; none at all means that it is not tracked. */
    Set<Event> events(String channel) {
        return TrackedEvents.of(settings, channel);
    }
}

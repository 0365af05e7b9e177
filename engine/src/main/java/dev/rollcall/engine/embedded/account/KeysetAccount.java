package dev.rollcall.engine.embedded.account;

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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What one keyset may have and how much of it there is: its settings, and the bytes and names that count against them. Safe from any
 * thread.
 */
public class KeysetAccount {
    public final SubscribeKey key;
    public final MemoryBudget memory;

    /** Channels, absentees, groups and wildcards that belong here; at 0 the keyset can be forgotten. */
    public final AtomicInteger references = new AtomicInteger();

    /** Bytes of messages and states that are kept. */
    private final LongAdder kept = new LongAdder();

    /** Channels of all groups together. */
    private final AtomicInteger grouped = new AtomicInteger();

    private volatile KeysetSettings settings;
    private volatile long lastUse;

    public KeysetAccount(SubscribeKey key, KeysetSettings settings, MemoryBudget memory, long now) {
        this.key = key;
        this.memory = memory;
        this.settings = settings;
        this.lastUse = now;
    }

    public KeysetSettings settings() {
        return settings;
    }

    public void configure(KeysetSettings changed) {
        settings = changed;
    }

    /** Notes that a request came at {@code now}. Writes seldom, so that the line is not fought over. */
    public void use(long now) {
        if (now - lastUse > 1000) {
            lastUse = now;
        }
    }

    /** Takes down that so many bytes more of messages or states are kept; negative for less. */
    public void kept(MemoryKind kind, long bytes) {
        if (bytes != 0) {
            memory.add(kind, bytes);
            kept.add(bytes);
        }
    }

    /** Returns whether more is kept than the settings allow. */
    public boolean keepsTooMuch(long more) {
        long most = settings.limits().keptBytes();
        return most > 0 && kept.sum() + more > most;
    }

    /** Returns whether states may grow by {@code more} bytes. */
    public boolean hasRoomForState(long more) {
        return more <= 0 || !keepsTooMuch(more) && memory.hasRoom(MemoryKind.STATES, more);
    }

    /** Returns the refusal of a state for which there is no room. */
    public ProtocolException refusalOfState(long more) {
        return keepsTooMuch(more)
                ? overLimit("max-kept-bytes", settings.limits().keptBytes())
                : MemoryBudget.refusal(MemoryKind.STATES);
    }

    /** Takes down that so many channels more are in groups. */
    public void grouped(int channels) {
        grouped.addAndGet(channels);
    }

    /**
     * Refuses a group, or channels in one, beyond what there may be.
     *
     * @param groups how many there are
     * @param fresh whether the group is not there yet
     * @param more the channels that come into it
     */
    public void requireRoomForGroup(int groups, boolean fresh, int more) {
        KeysetLimits limits = settings.limits();
        if (fresh && groups >= limits.groups()) {
            throw overLimit("max-groups", limits.groups());
        }
        if (more > 0 && grouped.get() + more > limits.groupedChannels()) {
            throw overLimit("max-grouped-channels", limits.groupedChannels());
        }
        memory.require(MemoryKind.GROUPS, (fresh ? Footprint.GROUP : 0) + (long) more * Footprint.GROUPED_CHANNEL);
    }

    /** Refuses another wildcard beyond the {@code count} there are. */
    public void requireRoomForWildcard(int count) {
        if (count >= settings.limits().wildcards()) {
            throw overLimit("max-wildcards", settings.limits().wildcards());
        }
        memory.require(MemoryKind.FEEDS, Footprint.WILDCARD);
    }

    /** Returns the refusal of what a limit of the keyset does not allow. */
    public static ProtocolException overLimit(String setting, long most) {
        return new ProtocolException(
                ErrorCode.RATE_LIMITED, ErrorCode.RATE_LIMITED.text() + ", " + setting + ": " + most);
    }

    public boolean isIdleSince(long moment) {
        return references.get() == 0 && lastUse - moment <= 0;
    }

    /** Returns the events a channel has; none at all means that it is not tracked. */
    public Set<Event> events(String channel) {
        return TrackedEvents.of(settings, channel);
    }
}

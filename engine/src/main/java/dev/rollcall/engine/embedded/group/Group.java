package dev.rollcall.engine.embedded.group;

import dev.rollcall.engine.embedded.account.Footprint;
import dev.rollcall.engine.embedded.account.KeysetAccount;
import dev.rollcall.engine.embedded.lock.LockRank;
import dev.rollcall.engine.embedded.lock.RankedLock;
import dev.rollcall.engine.memory.MemoryKind;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One channel group: its channels in the order they were added, and who wants to know when they change. Guarded by its own lock, in
 * which no other is taken; {@link #channels} needs none.
 */
final class Group {
    private final KeysetAccount keyset;
    private final RankedLock lock = new RankedLock(LockRank.GROUP);
    private final LinkedHashSet<Channel> channels = new LinkedHashSet<>();
    private final Set<GroupListener> listeners = Collections.newSetFromMap(new IdentityHashMap<>());
    private volatile List<Channel> snapshot = List.of();
    private boolean removed;
    private long counted;

    Group(KeysetAccount keyset) {
        this.keyset = keyset;
    }

    void enter() {
        lock.lock();
    }

    void exit() {
        lock.unlock();
    }

    /** Returns the channels. */
    List<Channel> channels() {
        return snapshot;
    }

    /** Returns whether it has been dropped since it was looked up. */
    boolean isRemoved() {
        return removed;
    }

    /** Drops the group if it has neither a channel nor a listener, and returns whether it did. */
    boolean removeIfUnused() {
        removed = channels.isEmpty() && listeners.isEmpty();
        return removed;
    }

    void add(GroupListener listener) {
        listeners.add(listener);
    }

    void remove(GroupListener listener) {
        listeners.remove(listener);
    }

    /** Adds channels and returns who has to know; refuses to grow beyond {@code limit}. */
    List<GroupListener> addAll(Collection<Channel> added, int limit) {
        grown(channels, added, limit);
        return channels.addAll(added) ? changed() : List.of();
    }

    /** Returns {@code channels} and {@code added}; refuses more than {@code limit} of them. */
    static Set<Channel> grown(Collection<Channel> channels, Collection<Channel> added, int limit) {
        var grown = new LinkedHashSet<>(channels);
        grown.addAll(added);
        if (grown.size() > limit) {
            throw new ProtocolException(
                    ErrorCode.INVALID_GROUP_REQUEST,
                    "channels in the group: " + grown.size() + " (expected: at most " + limit + ")");
        }
        return grown;
    }

    /** Removes channels and returns who has to know. */
    List<GroupListener> removeAll(Collection<Channel> removed) {
        return channels.removeAll(Set.copyOf(removed)) ? changed() : List.of();
    }

    /** Removes every channel and returns who has to know. */
    List<GroupListener> clear() {
        if (channels.isEmpty()) {
            return List.of();
        }
        channels.clear();
        return changed();
    }

    private List<GroupListener> changed() {
        long now = 0;
        for (Channel channel : channels) {
            now += Footprint.GROUPED_CHANNEL + Footprint.of(channel.name());
        }
        now += channels.isEmpty() ? 0 : Footprint.GROUP;
        keyset.memory.add(MemoryKind.GROUPS, now - counted);
        counted = now;
        keyset.grouped(channels.size() - snapshot.size());
        snapshot = List.copyOf(channels);
        return new ArrayList<>(listeners);
    }
}

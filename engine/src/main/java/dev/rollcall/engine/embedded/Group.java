package dev.rollcall.engine.embedded;

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
 * One channel group: its channels in the order they were added, and the polls that wait for any of them. Guarded by its own monitor, in
 * which no other lock is taken.
 */
final class Group {
    private final LinkedHashSet<Channel> channels = new LinkedHashSet<>();
    private final Set<ParkedPoll> polls = Collections.newSetFromMap(new IdentityHashMap<>());
    private List<Channel> snapshot = List.of();

    /** Returns the channels. */
    synchronized List<Channel> channels() {
        return snapshot;
    }

    /** Returns the channels, and has {@code poll} woken when they change. */
    synchronized List<Channel> channels(ParkedPoll poll) {
        polls.add(poll);
        return snapshot;
    }

    synchronized void remove(ParkedPoll poll) {
        polls.remove(poll);
    }

    synchronized boolean hasPolls() {
        return !polls.isEmpty();
    }

    /** Adds channels and returns the polls to wake; refuses to grow beyond {@code limit}. */
    synchronized List<ParkedPoll> add(Collection<Channel> added, int limit) {
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

    /** Removes channels and returns the polls to wake. */
    synchronized List<ParkedPoll> removeAll(Collection<Channel> removed) {
        return channels.removeAll(Set.copyOf(removed)) ? changed() : List.of();
    }

    /** Removes every channel and returns the polls to wake. */
    synchronized List<ParkedPoll> clear() {
        if (channels.isEmpty()) {
            return List.of();
        }
        channels.clear();
        return changed();
    }

    private List<ParkedPoll> changed() {
        snapshot = List.copyOf(channels);
        return new ArrayList<>(polls);
    }
}

package dev.rollcall.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.protocol.Channel;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one client is subscribed to, by the names on the wire, which of that the service refused, and the states set there. NOT
 * thread-safe; owned by the session.
 */
final class Subscriptions {
    private final Set<String> channels = new LinkedHashSet<>();
    private final Set<String> groups = new LinkedHashSet<>();
    private final Set<String> refusedChannels = new HashSet<>();
    private final Set<String> refusedGroups = new HashSet<>();
    private final Map<String, JsonNode> states = new HashMap<>();

    /** Adds names, with their presence if asked for. */
    void add(List<String> newChannels, List<String> newGroups, boolean presence) {
        add(channels, newChannels, presence);
        add(groups, newGroups, presence);
    }

    private static void add(Set<String> names, List<String> added, boolean presence) {
        names.addAll(added);
        if (presence) {
            for (String name : added) {
                if (!name.endsWith(Channel.PRESENCE_SUFFIX)) {
                    names.add(name + Channel.PRESENCE_SUFFIX);
                }
            }
        }
    }

    /** Removes names and their presence; returns those without presence suffix that were there: the ones to leave. */
    Removed remove(List<String> goneChannels, List<String> goneGroups) {
        return new Removed(remove(channels, goneChannels), remove(groups, goneGroups));
    }

    private List<String> remove(Set<String> names, List<String> gone) {
        List<String> left = gone.stream().filter(names::contains).toList();
        for (String name : gone) {
            names.remove(name);
            names.remove(name + Channel.PRESENCE_SUFFIX);
            states.remove(name);
        }
        return Names.withoutPresence(left);
    }

    /**
     * Names to leave.
     *
     * @param channels without presence channels
     * @param groups likewise
     */
    record Removed(List<String> channels, List<String> groups) {
        boolean isEmpty() {
            return channels.isEmpty() && groups.isEmpty();
        }
    }

    /** Leaves names out of requests until {@link #admitAll}; returns whether that changes anything. */
    boolean refuse(Collection<String> someChannels, Collection<String> someGroups) {
        boolean changed = false;
        for (String name : someChannels) {
            changed |= channels.contains(name) && refusedChannels.add(name);
        }
        for (String name : someGroups) {
            changed |= groups.contains(name) && refusedGroups.add(name);
        }
        return changed;
    }

    /** Asks for all names again. */
    void admitAll() {
        refusedChannels.clear();
        refusedGroups.clear();
    }

    boolean hasRefused() {
        return !refusedChannels.isEmpty() || !refusedGroups.isEmpty();
    }

    /** Remembers the state set for names, to be sent again with signs of life. */
    void remember(Collection<String> names, JsonNode state) {
        names.forEach(name -> states.put(name, state));
    }

    /** Returns the states of the names that are subscribed. */
    Map<String, JsonNode> states() {
        Map<String, JsonNode> current = new LinkedHashMap<>();
        states.forEach((name, state) -> {
            if (channels.contains(name) && !refusedChannels.contains(name)
                    || groups.contains(name) && !refusedGroups.contains(name)) {
                current.put(name, state);
            }
        });
        return current;
    }

    /** Returns the channels to poll, presence channels included. */
    List<String> channels() {
        return admitted(channels, refusedChannels);
    }

    /** Returns the groups to poll, their presence included. */
    List<String> groups() {
        return admitted(groups, refusedGroups);
    }

    private static List<String> admitted(Set<String> names, Set<String> refused) {
        return names.stream().filter(name -> !refused.contains(name)).toList();
    }

    /** Returns all channels subscribed to, refused ones and presence channels included. */
    List<String> allChannels() {
        return List.copyOf(channels);
    }

    /** Returns all groups subscribed to, refused ones and their presence included. */
    List<String> allGroups() {
        return List.copyOf(groups);
    }

    /** Returns whether there is nothing to poll. */
    boolean isEmpty() {
        return refusedChannels.containsAll(channels) && refusedGroups.containsAll(groups);
    }
}

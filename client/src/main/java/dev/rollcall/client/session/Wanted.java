package dev.rollcall.client.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.client.rest.WireNames;
import dev.rollcall.protocol.Channel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one client wants of names of one kind, channels or channel groups: those subscribed, by their names on the wire, those it only gives
 * signs of life for, and the states it carries there. And what the service was told of them. NOT thread-safe.
 */
final class Wanted {
    private enum Mark {
        /** Not yet confirmed. */
        NEW,
        CONFIRMED,
        /** Left out of requests until asked for again. */
        REFUSED
    }

    /** What one name carries: what was set last, and what the service took last. */
    private record Carried(
            JsonNode wanted, long call, @Nullable JsonNode accepted) {}

    private final Map<String, Mark> subscribed = new LinkedHashMap<>();
    private final Map<String, Integer> observed = new HashMap<>();
    private final Set<String> ofUser = new LinkedHashSet<>();
    private final Set<String> kept = new LinkedHashSet<>();
    private final Set<String> told = new HashSet<>();
    private final Map<String, Carried> states = new HashMap<>();
    private int encodedLength;

    /** Adds names, with their presence if asked for; names that were refused are asked for again. */
    void add(Collection<String> names, boolean presence) {
        for (String name : names) {
            ofUser.add(name);
            add(name);
            if (presence && !name.endsWith(Channel.PRESENCE_SUFFIX)) {
                ofUser.add(name + Channel.PRESENCE_SUFFIX);
                add(name + Channel.PRESENCE_SUFFIX);
            }
        }
    }

    /** Subscribes a name for the client's own purposes, however often; the user's subscriptions come and go beside it. */
    void observe(String name) {
        observed.merge(name, 1, Integer::sum);
        add(name);
    }

    /** Undoes one {@link #observe}. */
    void unobserve(String name) {
        if (observed.merge(name, -1, Integer::sum) == 0) {
            observed.remove(name);
            if (!ofUser.contains(name)) {
                discard(name);
            }
        }
    }

    private void add(String name) {
        Mark before = subscribed.get(name);
        if (before == null) {
            encodedLength += WireNames.encodedLength(name);
        }
        if (before != Mark.CONFIRMED) {
            subscribed.put(name, Mark.NEW);
        }
    }

    /** Returns the characters that all names take in an address. */
    int encodedLength() {
        return encodedLength;
    }

    /** Returns how many more they would be with {@code names}. */
    int encodedLengthOf(Collection<String> names, boolean presence) {
        int more = 0;
        for (String name : names) {
            if (!subscribed.containsKey(name)) {
                more += WireNames.encodedLength(name);
            }
            if (presence && !subscribed.containsKey(name + Channel.PRESENCE_SUFFIX)) {
                more += WireNames.encodedLength(name + Channel.PRESENCE_SUFFIX);
            }
        }
        return more;
    }

    /** Removes names, their presence and their states; returns those without presence suffix that were there: the ones to leave. */
    List<String> remove(Collection<String> names) {
        List<String> gone = new ArrayList<>();
        for (String name : names) {
            boolean was = drop(name);
            drop(name + Channel.PRESENCE_SUFFIX);
            if (was && !name.endsWith(Channel.PRESENCE_SUFFIX) && !kept.contains(name)) {
                gone.add(name);
                states.remove(name);
            }
        }
        return gone;
    }

    private boolean drop(String name) {
        boolean was = ofUser.remove(name);
        if (!observed.containsKey(name)) {
            discard(name);
        }
        return was;
    }

    private void discard(String name) {
        if (subscribed.remove(name) != null) {
            encodedLength -= WireNames.encodedLength(name);
        }
    }

    /** Gives signs of life for names from now on. */
    void keep(Collection<String> names) {
        kept.addAll(names);
    }

    /** Ceases to; returns the names to leave, those that are not subscribed either. */
    List<String> release(Collection<String> names) {
        List<String> gone = new ArrayList<>();
        for (String name : names) {
            if (kept.remove(name) && !subscribed.containsKey(name)) {
                gone.add(name);
                states.remove(name);
            }
        }
        return gone;
    }

    List<String> kept() {
        return List.copyOf(kept);
    }

    /** Confirms names that a handshake named. */
    void confirm(Collection<String> names) {
        names.forEach(name -> subscribed.replace(name, Mark.CONFIRMED));
    }

    /** Leaves names out of requests; returns whether that changes anything. */
    boolean refuse(Collection<String> names) {
        boolean changed = false;
        for (String name : names) {
            Mark before = subscribed.replace(name, Mark.REFUSED);
            changed |= before != null && before != Mark.REFUSED;
            told.remove(name);
        }
        return changed;
    }

    boolean hasNew() {
        return subscribed.containsValue(Mark.NEW);
    }

    boolean hasConfirmed() {
        return subscribed.containsValue(Mark.CONFIRMED);
    }

    /** Returns the names that are not confirmed yet. */
    List<String> unconfirmed() {
        return marked(Mark.NEW);
    }

    /** Asks for refused names again; returns whether there were any. */
    boolean admitAll() {
        List<String> refused = marked(Mark.REFUSED);
        refused.forEach(name -> subscribed.replace(name, Mark.NEW));
        return !refused.isEmpty();
    }

    private List<String> marked(Mark mark) {
        return subscribed.entrySet().stream()
                .filter(entry -> entry.getValue() == mark)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Returns the names to poll, those of presence included. */
    List<String> polled() {
        return subscribed.entrySet().stream()
                .filter(entry -> entry.getValue() != Mark.REFUSED)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Returns those of {@code names} that are to be polled. */
    List<String> polledOf(Collection<String> names) {
        return names.stream().filter(this::isPolled).toList();
    }

    private boolean isPolled(String name) {
        Mark mark = subscribed.get(name);
        return mark != null && mark != Mark.REFUSED;
    }

    /** Returns how many names there are, refused ones included. */
    int size() {
        return subscribed.size();
    }

    /** Returns the names to give signs of life for. */
    List<String> beaten() {
        LinkedHashSet<String> names = new LinkedHashSet<>(WireNames.withoutPresence(polled()));
        names.addAll(kept);
        return List.copyOf(names);
    }

    /** Returns all names that the user subscribed, refused ones and those of presence included. */
    List<String> all() {
        return List.copyOf(ofUser);
    }

    boolean isEmpty() {
        return subscribed.isEmpty();
    }

    boolean carries(String name) {
        return subscribed.containsKey(name) || kept.contains(name);
    }

    /** The service has been told that the user is at these names. */
    void tell(Collection<String> names) {
        told.addAll(WireNames.withoutPresence(names));
    }

    /** Returns those of {@code names} that the service may take the user to be at, and takes them as left. */
    List<String> leave(Collection<String> names) {
        return names.stream().filter(told::remove).toList();
    }

    /** Remembers a state that is being set, where this user is. */
    void set(Collection<String> names, JsonNode state, long call) {
        for (String name : names) {
            if (carries(name)) {
                Carried before = states.get(name);
                states.put(name, new Carried(state, call, before == null ? null : before.accepted()));
            }
        }
    }

    /** The service took a state. */
    void accepted(Collection<String> names, JsonNode state, long call) {
        for (String name : names) {
            states.computeIfPresent(
                    name,
                    (same, now) -> now.call() == call
                            ? new Carried(state, call, state)
                            : new Carried(now.wanted(), now.call(), state));
        }
    }

    /** The service refused a state: what it took before holds, unless another was set since. */
    void refusedState(Collection<String> names, long call) {
        for (String name : names) {
            states.computeIfPresent(name, (same, now) -> {
                if (now.call() != call) {
                    return now;
                }
                JsonNode before = now.accepted();
                return before == null ? null : new Carried(before, call, before);
            });
        }
    }

    /** Returns the state that {@code name} shall carry, or null. */
    @Nullable
    JsonNode state(String name) {
        Carried carried = states.get(name);
        return carried == null ? null : carried.wanted();
    }
}

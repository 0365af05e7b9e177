package dev.rollcall.client.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.client.rest.WireNames;
import dev.rollcall.protocol.Limits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntBiFunction;

/** What one client wants, channels and channel groups apart: one of each with the same name are two things. NOT thread-safe. */
final class Subscriptions {
    final Wanted channels = new Wanted();
    final Wanted groups = new Wanted();

    /** Names of both kinds. */
    record Both(List<String> channels, List<String> groups) {
        static final Both NONE = new Both(List.of(), List.of());

        boolean isEmpty() {
            return channels.isEmpty() && groups.isEmpty();
        }

        /** Returns those of these names that are among {@code others}. */
        Both within(Both others) {
            Set<String> otherChannels = new HashSet<>(others.channels);
            Set<String> otherGroups = new HashSet<>(others.groups);
            return new Both(
                    channels.stream().filter(otherChannels::contains).toList(),
                    groups.stream().filter(otherGroups::contains).toList());
        }

        /** Returns them without presence suffix, each once. */
        Both bases() {
            return new Both(WireNames.bases(channels), WireNames.bases(groups));
        }
    }

    /**
     * A part of what a request shall say.
     *
     * @param names the names
     * @param states states by name, as many as fit
     */
    record Part(Both names, Map<String, JsonNode> states) {}

    /** Returns whether there is nothing to poll. */
    boolean isEmpty() {
        return channels.polled().isEmpty() && groups.polled().isEmpty();
    }

    /** Returns how many names a poll of all would have at most. */
    int polledCount() {
        return channels.size() + groups.size();
    }

    Both polled() {
        return new Both(channels.polled(), groups.polled());
    }

    Both all() {
        return new Both(channels.all(), groups.all());
    }

    Both unconfirmed() {
        return new Both(channels.unconfirmed(), groups.unconfirmed());
    }

    Both remove(Both names) {
        return new Both(channels.remove(names.channels()), groups.remove(names.groups()));
    }

    boolean admitAll() {
        boolean ofChannels = channels.admitAll();
        return groups.admitAll() || ofChannels;
    }

    boolean refuse(Both names) {
        boolean ofChannels = channels.refuse(names.channels());
        return groups.refuse(names.groups()) || ofChannels;
    }

    boolean hasNew() {
        return channels.hasNew() || groups.hasNew();
    }

    boolean hasConfirmed() {
        return channels.hasConfirmed() || groups.hasConfirmed();
    }

    void confirm(Both names) {
        channels.confirm(names.channels());
        groups.confirm(names.groups());
        tell(names);
    }

    void tell(Both names) {
        channels.tell(names.channels());
        groups.tell(names.groups());
    }

    Both leave(Both names) {
        return new Both(channels.leave(names.channels()), groups.leave(names.groups()));
    }

    int encodedLength() {
        return channels.encodedLength() + groups.encodedLength();
    }

    int encodedLengthWith(Both names, boolean presence) {
        return encodedLength()
                + channels.encodedLengthOf(names.channels(), presence)
                + groups.encodedLengthOf(names.groups(), presence);
    }

    void set(Both names, JsonNode state, long call) {
        channels.set(names.channels(), state, call);
        groups.set(names.groups(), state, call);
    }

    void accepted(Both names, JsonNode state, long call) {
        channels.accepted(names.channels(), state, call);
        groups.accepted(names.groups(), state, call);
    }

    void refusedState(Both names, long call) {
        channels.refusedState(names.channels(), call);
        groups.refusedState(names.groups(), call);
    }

    /**
     * Returns the states of names as far as {@code room} characters hold them, and as far as they can be told apart.
     *
     * @param left takes the names whose states are not among them
     */
    Map<String, JsonNode> statesWithin(Both names, int room, ToIntBiFunction<String, JsonNode> length, Both left) {
        Map<String, JsonNode> states = new LinkedHashMap<>();
        int free = collect(channels, names.channels(), room, length, states, left.channels());
        collect(groups, names.groups(), free, length, states, left.groups());
        return states;
    }

    private static int collect(
            Wanted kind,
            List<String> names,
            int room,
            ToIntBiFunction<String, JsonNode> length,
            Map<String, JsonNode> states,
            List<String> left) {
        int free = room;
        for (String name : WireNames.withoutPresence(names)) {
            JsonNode state = kind.state(name);
            if (state == null) {
                continue;
            }
            int needed = length.applyAsInt(name, state);
            JsonNode other = states.get(name);
            if (needed > free || other != null && !other.equals(state)) {
                left.add(name);
            } else {
                states.put(name, state);
                free -= needed;
            }
        }
        return free;
    }

    /** Returns all names to give signs of life for, with their states, in parts of at most {@code room} characters. */
    List<Part> beats(int room, ToIntBiFunction<String, JsonNode> length) {
        Parts parts = new Parts(room, length);
        channels.beaten().forEach(name -> parts.add(name, channels.state(name), true));
        groups.beaten().forEach(name -> parts.add(name, groups.state(name), false));
        return parts.done();
    }

    /** Returns names in parts of at most {@code room} characters. */
    static List<Both> split(Both names, int room) {
        Parts parts = new Parts(room, (name, state) -> 0);
        names.channels().forEach(name -> parts.add(name, null, true));
        names.groups().forEach(name -> parts.add(name, null, false));
        return parts.done().stream().map(Part::names).toList();
    }

    /** Fills one part after the other. */
    private static final class Parts {
        private final int room;
        private final ToIntBiFunction<String, JsonNode> length;
        private final List<Part> all = new ArrayList<>();
        private Part part = empty();
        private int free;

        Parts(int room, ToIntBiFunction<String, JsonNode> length) {
            this.room = room;
            this.length = length;
            this.free = room;
        }

        private static Part empty() {
            return new Part(new Both(new ArrayList<>(), new ArrayList<>()), new LinkedHashMap<>());
        }

        void add(String name, @org.jspecify.annotations.Nullable JsonNode wanted, boolean channel) {
            JsonNode state = wanted;
            int forName = WireNames.encodedLength(name);
            int forState = state == null ? 0 : length.applyAsInt(name, state);
            if (forName + forState > room) {
                // No address carries it: the service keeps what it has.
                state = null;
                forState = 0;
            }
            JsonNode other = state == null ? null : part.states().get(name);
            int count = part.names().channels().size() + part.names().groups().size();
            if (count == Limits.CHANNELS_PER_REQUEST
                    || forName + forState > free
                    || other != null && !other.equals(state)) {
                flush();
            }
            (channel ? part.names().channels() : part.names().groups()).add(name);
            if (state != null) {
                part.states().put(name, state);
            }
            free -= forName + forState;
        }

        private void flush() {
            if (!part.names().isEmpty()) {
                all.add(part);
                part = empty();
                free = room;
            }
        }

        List<Part> done() {
            flush();
            return all;
        }
    }
}

package dev.rollcall.server.route;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.InvalidValueException;
import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.State;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads presence states. A state is kept as compact JSON without its top-level nulls. */
final class States {
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private States() {}

    /** Reads a state object. */
    static State parse(@Nullable String json) {
        Map<String, byte[]> members = json == null ? null : Json.members(json);
        if (members == null) {
            throw invalid();
        }
        members.values().removeIf(States::isNull);
        JsonWriter out = new JsonWriter(128);
        Json.writeObject(out, members);
        return State.ofJson(out.toByteArray());
    }

    /**
     * Reads the states that ride along with a heartbeat or subscribe, by channel or group. No parameter, an empty one and an empty
     * object all say nothing about any state; nor does a null about the state of its channel. A name that the request does not ask about
     * is passed over with its value, whatever that is: clients send all the states they keep, and some a bare state without any channel.
     */
    static Map<String, State> parseMap(Query query, List<Channel> channels, List<ChannelGroup> groups) {
        String json = query.text("state");
        if (json == null || json.equals("{}")) {
            return Map.of();
        }
        Set<String> names = new HashSet<>();
        channels.forEach(channel -> names.add(channel.name()));
        groups.forEach(group -> names.add(group.name()));
        Map<String, byte[]> byName = Json.members(json, names::contains);
        if (byName == null) {
            throw invalid();
        }
        var states = new HashMap<String, State>();
        byName.forEach((name, state) -> {
            if (!isNull(state)) {
                states.put(name, parse(new String(state, StandardCharsets.UTF_8)));
            }
        });
        return states;
    }

    /** Returns the bytes of the largest state of a group: each channel of the group gets it. */
    static int largest(Map<String, State> states, List<ChannelGroup> groups) {
        int largest = 0;
        if (!states.isEmpty()) {
            for (ChannelGroup group : groups) {
                State state = states.get(group.name());
                largest = state == null ? largest : Math.max(largest, state.size());
            }
        }
        return largest;
    }

    private static boolean isNull(byte[] json) {
        return Arrays.equals(json, NULL);
    }

    private static InvalidValueException invalid() {
        return new InvalidValueException(ErrorCode.INVALID_JSON.text());
    }
}

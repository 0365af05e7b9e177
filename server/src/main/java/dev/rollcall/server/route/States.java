package dev.rollcall.server.route;

import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.State;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
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
     * object all say nothing about any state; nor does a null about the state of its channel.
     */
    static Map<String, State> parseMap(Query query) {
        String json = query.text("state");
        if (json == null || json.equals("{}")) {
            return Map.of();
        }
        Map<String, byte[]> byName = Json.members(json);
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

    private static boolean isNull(byte[] json) {
        return Arrays.equals(json, NULL);
    }

    private static IllegalArgumentException invalid() {
        return new IllegalArgumentException(ErrorCode.INVALID_JSON.text());
    }
}

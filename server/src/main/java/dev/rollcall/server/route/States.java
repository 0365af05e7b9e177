package dev.rollcall.server.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.State;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads presence states. A state is stored as compact JSON without its top-level nulls; a repeated key counts as it stands last. */
final class States {
    private States() {}

    /** Reads a state object. */
    static State parse(@Nullable String json) {
        if (json == null) {
            throw invalid();
        }
        return state(Json.read(json));
    }

    /**
     * Reads the states that ride along with a heartbeat or subscribe, by channel or group. No parameter, an empty one and an empty
     * object all say nothing about any state.
     */
    static Map<String, State> parseMap(Query query) {
        String json = query.text("state");
        if (json == null || json.equals("{}")) {
            return Map.of();
        }
        if (!(Json.read(json) instanceof ObjectNode byName)) {
            throw invalid();
        }
        var states = new HashMap<String, State>();
        for (Map.Entry<String, JsonNode> entry : byName.properties()) {
            if (!entry.getValue().isNull()) {
                states.put(entry.getKey(), state(entry.getValue()));
            }
        }
        return states;
    }

    private static State state(@Nullable JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            throw invalid();
        }
        object.properties().removeIf(member -> member.getValue().isNull());
        byte[] bytes;
        try {
            bytes = Json.MAPPER.writeValueAsBytes(object);
        } catch (JsonProcessingException e) {
            throw invalid();
        }
        if (bytes.length > Limits.STATE_BYTES) {
            throw new IllegalArgumentException(
                    "state length: " + bytes.length + " (expected: at most " + Limits.STATE_BYTES + " bytes)");
        }
        return State.ofJson(bytes);
    }

    private static IllegalArgumentException invalid() {
        return new IllegalArgumentException(ErrorCode.INVALID_JSON.text());
    }
}

package dev.rollcall.client;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.protocol.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What goes between objects and JSON. Safe from any thread. */
final class Json {
    private static final int SHOWN = 80;

    private final ObjectMapper mapper;

    Json(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** Returns a body as a tree; a body that is empty or no JSON throws. */
    JsonNode parse(byte[] body) throws IOException {
        JsonNode tree = mapper.readTree(body);
        if (tree == null || tree instanceof MissingNode) {
            throw new IOException("empty body (expected: JSON)");
        }
        return tree;
    }

    /** Returns any object as JSON; throws IllegalArgumentException if Jackson cannot. */
    JsonNode tree(String name, Object value) {
        requireNonNull(value, name);
        try {
            return mapper.valueToTree(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    name + ": " + value.getClass().getName() + " (expected: what Jackson can write)", e);
        }
    }

    /** Returns a map or an object with properties as a JSON object; throws IllegalArgumentException for anything else. */
    ObjectNode object(String name, Object value) {
        if (tree(name, value) instanceof ObjectNode object) {
            return object;
        }
        String shown = String.valueOf(value);
        throw new IllegalArgumentException(
                name + ": " + (shown.length() > SHOWN ? shown.substring(0, SHOWN) + "…" : shown)
                        + " (expected: a map, or an object that becomes a JSON object)");
    }

    /** As {@link #object}, and within the size the protocol allows a state. */
    ObjectNode state(Object value) {
        ObjectNode state = object("state", value);
        int length = text(state).getBytes(StandardCharsets.UTF_8).length;
        if (length > Limits.STATE_BYTES) {
            throw new IllegalArgumentException(
                    "state length: " + length + " (expected: at most " + Limits.STATE_BYTES + " bytes of JSON)");
        }
        return state.deepCopy();
    }

    ObjectNode newObject() {
        return mapper.createObjectNode();
    }

    /** Returns compact JSON. */
    String text(JsonNode tree) {
        try {
            return mapper.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("tree that cannot be written (expected: JSON)", e);
        }
    }
}

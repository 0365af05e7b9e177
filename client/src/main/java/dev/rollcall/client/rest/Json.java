package dev.rollcall.client.rest;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.protocol.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What goes between objects and JSON. Safe from any thread. */
public final class Json {
    private static final int SHOWN = 80;

    /**
     * For the protocol itself, whatever the user's mapper is like. Numbers stay as they were written: nothing goes through a double. Nesting
     * is bounded well above what services take, and well below what a small stack carries.
     */
    private static final JsonMapper WIRE = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(2_000)
                            .maxNumberLength(100_000)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(2_000)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final ObjectMapper mapper;

    /** Converts objects with {@code mapper}, and reads and writes trees with a mapper of its own. */
    public Json(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** Returns a body as a tree; a body that is empty or no JSON throws. */
    public JsonNode parse(byte[] body) throws IOException {
        JsonNode tree = WIRE.readTree(body);
        if (tree == null || tree instanceof MissingNode) {
            throw new IOException("empty body (expected: JSON)");
        }
        return tree;
    }

    /** Returns any object as JSON; throws IllegalArgumentException if Jackson cannot. */
    public JsonNode tree(String name, Object value) {
        requireNonNull(value, name);
        try {
            JsonNode tree = mapper.valueToTree(value);
            return tree == null ? WIRE.nullNode() : tree;
        } catch (RuntimeException | StackOverflowError e) {
            throw new IllegalArgumentException(
                    name + ": " + value.getClass().getName() + " (expected: what Jackson can write)", e);
        }
    }

    /** Returns a map or an object with properties as a JSON object; throws IllegalArgumentException for anything else. */
    public ObjectNode object(String name, Object value) {
        if (tree(name, value) instanceof ObjectNode object) {
            return object;
        }
        String shown = String.valueOf(value);
        throw new IllegalArgumentException(
                name + ": " + (shown.length() > SHOWN ? shown.substring(0, SHOWN) + "…" : shown)
                        + " (expected: a map, or an object that becomes a JSON object)");
    }

    /** As {@link #object}, and within the size the protocol allows a state. */
    public ObjectNode state(Object value) {
        ObjectNode state = object("state", value);
        int length = text(state).getBytes(StandardCharsets.UTF_8).length;
        if (length > Limits.STATE_BYTES) {
            throw new IllegalArgumentException(
                    "state length: " + length + " (expected: at most " + Limits.STATE_BYTES + " bytes of JSON)");
        }
        return state.deepCopy();
    }

    /** Returns an empty object. */
    public ObjectNode newObject() {
        return WIRE.createObjectNode();
    }

    /** Returns a tree as an object of the user's; throws IllegalArgumentException if Jackson cannot. */
    public <T> T value(JsonNode tree, Class<T> type) {
        try {
            return mapper.treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("state that is no " + type.getName(), e);
        }
    }

    /** Returns compact JSON. */
    public String text(JsonNode tree) {
        try {
            return WIRE.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("tree that cannot be written (expected: JSON)", e);
        }
    }
}

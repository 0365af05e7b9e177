package dev.rollcall.server.emulator.api;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A document in JSON or in YAML, as a tree. Used by one thread. */
final class SeedText {
    /** Aliases of YAML stand for what they name, and that may hold aliases: this many values, and no more, come of them. */
    private static final int MOST_VALUES = 1_000_000;

    private static final int DEEPEST = 40;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private int values;

    private SeedText() {}

    /** Returns what a document says. */
    static JsonNode parse(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ApiException(400, "document: not UTF-8", "JSON or YAML in UTF-8");
        }
        return text.stripLeading().startsWith("{") ? json(bytes) : yaml(text);
    }

    private static JsonNode json(byte[] bytes) {
        try {
            return ApiCall.JSON.readTree(bytes);
        } catch (JacksonException e) {
            // Where it is too deep no place is told.
            JsonLocation place = e.getLocation();
            throw new ApiException(
                    400,
                    "document: " + (place == null ? "" : "line " + place.getLineNr() + ": ") + e.getOriginalMessage(),
                    "JSON, each member once");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode yaml(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(DEEPEST);
        options.setCodePointLimit(Integer.MAX_VALUE);
        Node root;
        try {
            root = new Yaml(options).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            throw new ApiException(
                    400,
                    "document: " + (mark == null ? "" : "line " + (mark.getLine() + 1) + ": ") + e.getProblem(),
                    "JSON or YAML");
        } catch (YAMLException e) {
            throw new ApiException(400, "document: " + e.getMessage(), "JSON or YAML");
        }
        return root == null ? NODES.objectNode() : new SeedText().convert(root, 0);
    }

    private JsonNode convert(Node node, int depth) {
        if (++values > MOST_VALUES || depth > DEEPEST) {
            throw new ApiException(
                    400,
                    "document: "
                            + (depth > DEEPEST ? "deeper than " + DEEPEST : "more than " + MOST_VALUES + " values"),
                    "one that is smaller");
        }
        if (node instanceof MappingNode map) {
            ObjectNode object = NODES.objectNode();
            for (NodeTuple tuple : map.getValue()) {
                if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                    throw at(tuple.getKeyNode(), "a list or map", "a key");
                }
                if (object.has(key.getValue())) {
                    throw at(key, key.getValue() + ": given twice", "once");
                }
                object.set(key.getValue(), convert(tuple.getValueNode(), depth + 1));
            }
            return object;
        }
        if (node instanceof SequenceNode list) {
            ArrayNode array = NODES.arrayNode();
            for (Node item : list.getValue()) {
                array.add(convert(item, depth + 1));
            }
            return array;
        }
        return scalar((ScalarNode) node);
    }

    private static JsonNode scalar(ScalarNode node) {
        String value = node.getValue();
        Tag tag = node.getTag();
        if (tag.equals(Tag.NULL)) {
            return NODES.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            // What YAML 1.1 has beside these, yes and on, is more likely a name.
            return value.equalsIgnoreCase("true")
                    ? NODES.booleanNode(true)
                    : value.equalsIgnoreCase("false") ? NODES.booleanNode(false) : NODES.textNode(value);
        }
        try {
            if (tag.equals(Tag.INT) && value.matches("-?(0|[1-9][0-9]{0,99})")) {
                return NODES.numberNode(new BigInteger(value));
            }
            if (tag.equals(Tag.FLOAT) && value.matches("-?[0-9]{1,99}(\\.[0-9]{1,99})?([eE][-+]?[0-9]{1,3})?")) {
                return NODES.numberNode(new BigDecimal(value));
            }
        } catch (NumberFormatException e) {
            throw at(node, value, "a number");
        }
        return NODES.textNode(value);
    }

    private static ApiException at(Node node, String what, String expected) {
        return new ApiException(400, "document: line " + (node.getStartMark().getLine() + 1) + ": " + what, expected);
    }
}

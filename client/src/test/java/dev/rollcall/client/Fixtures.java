package dev.rollcall.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Answers as the hosted service gives them. */
final class Fixtures {
    private Fixtures() {}

    static String text(String name) {
        try (InputStream in = Fixtures.class.getResourceAsStream("/fixtures/" + name + ".json")) {
            if (in == null) {
                throw new AssertionError("no fixture " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the same answer with a field that nobody knows in every object. */
    static String withUnknownFields(String name) {
        try {
            JsonNode tree = new JsonMapper().readTree(text(name));
            addUnknown(tree, false);
            return tree.toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Payloads, states and maps keyed by names are the user's own; what is in them is known by definition. */
    private static void addUnknown(JsonNode tree, boolean keyedByName) {
        if (tree instanceof ArrayNode array) {
            array.forEach(element -> addUnknown(element, false));
        }
        if (tree instanceof ObjectNode object) {
            object.forEachEntry((name, value) -> {
                if (!name.equals("state") && !name.equals("d") && !name.equals("u")) {
                    addUnknown(value, name.equals("channels"));
                }
            });
            if (!keyedByName) {
                object.put("x_unknown", 1)
                        .putObject("x_nested")
                        .putArray("list")
                        .add(1);
            }
        }
    }
}

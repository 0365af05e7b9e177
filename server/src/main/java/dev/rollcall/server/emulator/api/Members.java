package dev.rollcall.server.emulator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.server.config.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object that somebody sent: each is asked for by name, and what is wrong with it is said with the whole way to it.
 * {@link #end} refuses those that nobody asked for. Used by one thread.
 */
final class Members {
    private static final String DURATION = "a duration such as 250ms, 10s, 5m or 1h";

    private final String path;
    private final ObjectNode object;
    private final Set<String> asked = new HashSet<>();

    Members(String path, ObjectNode object) {
        this.path = path;
        this.object = object;
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + '.' + name;
    }

    private @Nullable JsonNode find(String name) {
        asked.add(name);
        JsonNode node = object.get(name);
        return node == null || node.isNull() ? null : node;
    }

    /** Returns a value of any kind, or null. */
    @Nullable
    JsonNode node(String name) {
        return find(name);
    }

    /** Returns an object as it is, or null. */
    @Nullable
    ObjectNode objectNode(String name) {
        JsonNode node = find(name);
        if (node == null) {
            return null;
        }
        if (!(node instanceof ObjectNode object)) {
            throw wrong(name, "a JSON object");
        }
        return object;
    }

    boolean has(String name) {
        return find(name) != null;
    }

    ApiException wrong(String name, String expected) {
        JsonNode node = object.get(name);
        String shown = node == null ? "none" : node.isTextual() ? node.textValue() : node.toString();
        return new ApiException(
                400, at(name) + ": " + (shown.length() > 100 ? shown.substring(0, 100) + '…' : shown), expected);
    }

    @Nullable
    String text(String name) {
        JsonNode node = find(name);
        if (node == null) {
            return null;
        }
        if (!node.isTextual()) {
            throw wrong(name, "a text");
        }
        return node.textValue();
    }

    String requiredText(String name, String expected) {
        String text = text(name);
        if (text == null || text.isEmpty()) {
            throw wrong(name, expected);
        }
        return text;
    }

    boolean flag(String name) {
        JsonNode node = find(name);
        if (node == null) {
            return false;
        }
        if (!node.isBoolean()) {
            throw wrong(name, "true or false");
        }
        return node.booleanValue();
    }

    int number(String name, int absent, int least, int most) {
        JsonNode node = find(name);
        if (node == null) {
            return absent;
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < least || node.intValue() > most) {
            throw wrong(name, least + ".." + (most == Integer.MAX_VALUE ? "" : most));
        }
        return node.intValue();
    }

    @Nullable
    Long wholeNumber(String name) {
        JsonNode node = find(name);
        if (node == null) {
            return null;
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw wrong(name, "a whole number");
        }
        return node.longValue();
    }

    double decimal(String name, double absent) {
        JsonNode node = find(name);
        if (node == null) {
            return absent;
        }
        if (!node.isNumber()) {
            throw wrong(name, "a number");
        }
        return node.doubleValue();
    }

    /** Returns a duration, of which nobody but {@code mayBeNegative} says that it lies in the past. */
    @Nullable
    Duration duration(String name, boolean mayBeNegative) {
        JsonNode node = find(name);
        if (node == null) {
            return null;
        }
        String text = node.isTextual() ? node.textValue() : node.isIntegralNumber() ? node.asText() : "";
        boolean isNegative = mayBeNegative && text.startsWith("-");
        Duration duration = Durations.parse(isNegative ? text.substring(1) : text);
        if (duration == null) {
            throw wrong(name, (mayBeNegative ? "-10s, or another duration: " : "") + DURATION);
        }
        return isNegative ? duration.negated() : duration;
    }

    @Nullable
    Instant moment(String name) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw wrong(name, "a moment such as 2026-03-01T12:00:00Z");
        }
    }

    /** Returns a list of texts, a single text being a list of one, or null. */
    @Nullable
    List<String> texts(String name) {
        JsonNode node = find(name);
        if (node == null) {
            return null;
        }
        if (node.isTextual()) {
            return List.of(node.textValue());
        }
        List<String> texts = new ArrayList<>();
        if (node.isArray()) {
            for (JsonNode item : node) {
                if (!item.isTextual()) {
                    throw wrong(name, "a list of texts");
                }
                texts.add(item.textValue());
            }
            return texts;
        }
        throw wrong(name, "a text or a list of texts");
    }

    /** Returns an object, an empty one if there is none. */
    Members object(String name) {
        ObjectNode node = objectNode(name);
        return new Members(at(name), node == null ? ApiCall.JSON.createObjectNode() : node);
    }

    /** Refuses what nobody has asked for. */
    void end() {
        object.fieldNames().forEachRemaining(name -> {
            if (!asked.contains(name)) {
                String shown = name.length() > 100 ? name.substring(0, 100) + '…' : name;
                throw new ApiException(
                        400,
                        at(shown) + ": unknown member",
                        asked.isEmpty()
                                ? "none"
                                : String.join(", ", asked.stream().sorted().toList()));
            }
        });
    }
}

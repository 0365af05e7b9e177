package dev.rollcall.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The keys and values of one part of a configuration file. Every complaint names the whole way to the key. */
final class ConfigSection {
    /** What complaints about the file as a whole begin with. */
    static final String WHOLE = "file";

    private final String prefix;
    private final ObjectNode values;

    private ConfigSection(String prefix, ObjectNode values) {
        this.prefix = prefix;
        this.values = values;
    }

    /** Makes a section of a tree, and refuses keys that are not known. */
    static ConfigSection of(String path, @Nullable JsonNode tree, List<String> known) {
        if (!(tree instanceof ObjectNode values)) {
            throw new ConfigException((path.isEmpty() ? WHOLE : path) + ": not a map (expected: keys and values)");
        }
        String prefix = path.isEmpty() ? "" : path + '.';
        values.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                String hint = KeysetReader.hint(path, key, known);
                throw new ConfigException(prefix + key + ": unknown key"
                        + (hint.isEmpty() ? " (expected: " + String.join(", ", known) + ")" : hint));
            }
        });
        return new ConfigSection(prefix, values);
    }

    /** Returns whether the key is there with a value. */
    boolean has(String key) {
        JsonNode value = values.get(key);
        return value != null && !value.isNull();
    }

    /** Returns a single value as text, or null if the key is not there. */
    @Nullable
    String text(String key) {
        JsonNode value = values.get(key);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isValueNode()) {
            throw wrong(key, "a list or map", "a single value");
        }
        return value.asText();
    }

    boolean isOn(String key, boolean absent) {
        String text = text(key);
        if (text == null) {
            return absent;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "on", "yes", "y" -> true;
            case "false", "off", "no", "n" -> false;
            default -> throw wrong(key, text, "true or false");
        };
    }

    int number(String key, int absent) {
        long number = longNumber(key, absent);
        if (number != (int) number) {
            throw wrong(key, Long.toString(number), "a whole number");
        }
        return (int) number;
    }

    long longNumber(String key, long absent) {
        String text = text(key);
        if (text == null) {
            return absent;
        }
        Long number = WholeNumber.parseLong(text);
        if (number == null) {
            throw wrong(key, text, "a whole number");
        }
        return number;
    }

    Duration duration(String key, Duration absent) {
        String text = text(key);
        if (text == null) {
            return absent;
        }
        Duration duration = Durations.parse(text);
        if (duration == null) {
            throw wrong(key, text, "a duration such as 500ms, 10s or 5m");
        }
        return duration;
    }

    /** Returns the section below a key, or null if the key is not there. */
    @Nullable
    ConfigSection section(String key, List<String> known) {
        return has(key) ? of(prefix + key, values.get(key), known) : null;
    }

    /** Returns the sections of the list below a key, or null if the key is not there. */
    @Nullable
    List<ConfigSection> sections(String key, List<String> known) {
        if (!has(key)) {
            return null;
        }
        JsonNode list = values.get(key);
        if (!list.isArray()) {
            throw wrong(key, "not a list", "a list");
        }
        var sections = new ArrayList<ConfigSection>();
        for (JsonNode member : list) {
            sections.add(of(prefix + key + '[' + sections.size() + ']', member, known));
        }
        return sections;
    }

    /** Returns the complaint about the value of a key. */
    ConfigException wrong(String key, String value, String expected) {
        return new ConfigException(prefix + key + ": " + value + " (expected: " + expected + ")");
    }

    /** Returns a complaint whose text begins with a key of this section. */
    ConfigException wrong(IllegalArgumentException complaint) {
        return new ConfigException(prefix + complaint.getMessage());
    }
}

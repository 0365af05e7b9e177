package dev.rollcall.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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

/**
 * A configuration file as a tree that knows its lines. Every value is the text that stands in the file: a key named {@code off},
 * {@code 1e3} or {@code 012} is that, and neither false nor a number. Not safe from several threads.
 */
final class ConfigFile {
    private final Path file;
    private final JsonNode tree;
    /** By the whole way to it, such as {@code keysets[0].presence.interval}. */
    private final Map<String, Spot> spots = new HashMap<>();

    private final Map<String, ObjectNode> maps = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    /** Something that is wrong, and its line; 0 where it is not in the file. */
    record Problem(int line, String text) {}

    /** Where something stands: its line, and the map and the key in that, or null if it is a member of a list. */
    private record Spot(int line, @Nullable ObjectNode map, String key) {}

    private ConfigFile(Path file, String text) {
        this.file = file;
        Node root;
        try {
            // What YAML makes of values is of no interest, so nothing is constructed of them.
            root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            throw unreadable(mark == null ? "" : ":" + (mark.getLine() + 1), e.getProblem());
        } catch (YAMLException e) {
            throw unreadable("", e.getMessage());
        }
        // A file of nothing but comments has no tree.
        tree = root == null ? JsonNodeFactory.instance.objectNode() : convert("", root, 0);
    }

    /** Reads what is in a file. */
    static ConfigFile parse(Path file, byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ConfigException(file + ": not UTF-8 (expected: YAML in UTF-8)");
        }
        return new ConfigFile(file, text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    private ConfigException unreadable(String place, @Nullable String problem) {
        String words = problem == null ? "" : problem.lines().findFirst().orElse("") + " ";
        return new ConfigException(file + place + ": " + words + "(expected: YAML)");
    }

    private JsonNode convert(String path, Node node, int depth) {
        // Deeper than any configuration, and an alias may stand within what it names.
        if (depth > 8) {
            return TextNode.valueOf("…");
        }
        if (node instanceof MappingNode map) {
            return convert(path, map, depth);
        }
        if (node instanceof SequenceNode list) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            for (Node member : list.getValue()) {
                String place = path + '[' + array.size() + ']';
                spots.putIfAbsent(place, new Spot(line(member), null, ""));
                array.add(convert(place, member, depth + 1));
            }
            return array;
        }
        // Nothing, ~ or null, unless in quotes.
        return node.getTag().equals(Tag.NULL)
                ? NullNode.getInstance()
                : TextNode.valueOf(((ScalarNode) node).getValue());
    }

    private ObjectNode convert(String path, MappingNode map, int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        maps.putIfAbsent(path, object);
        for (NodeTuple tuple : map.getValue()) {
            int line = line(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
                problems.add(new Problem(line, file + ":" + line + ": a list or map (expected: a key)"));
                continue;
            }
            String name = scalar.getValue();
            String key = path.isEmpty() ? name : path + '.' + name;
            Spot before = spots.putIfAbsent(key, new Spot(line, object, name));
            if (object.has(name)) {
                problems.add(new Problem(
                        line,
                        file + ":" + line + ": " + key + ": given twice (before in line "
                                + (before == null ? line : before.line) + ")"));
                continue;
            }
            object.set(name, convert(key, tuple.getValueNode(), depth + 1));
        }
        return object;
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    /** Returns what is wrong with the file as such. */
    List<Problem> problems() {
        return problems;
    }

    JsonNode tree() {
        return tree;
    }

    /** Returns whether a key stands in the file. */
    boolean has(String key) {
        return spots.containsKey(key);
    }

    /** Returns where a key stands, as {@code file:line}. */
    String place(String key) {
        int line = line(key);
        return line == 0 ? file.toString() : file + ":" + line;
    }

    /** Returns the line of a key, or of what it is missing from, or 0. */
    int line(String key) {
        for (String path = key; !path.isEmpty(); path = parent(path)) {
            Spot spot = spots.get(path);
            if (spot != null) {
                return spot.line;
            }
        }
        return 0;
    }

    /** Returns for each member of a list the lines of its keys, and its own as that of {@code ""}. */
    List<Map<String, Integer>> linesOfMembers(String list) {
        List<Map<String, Integer>> members = new ArrayList<>();
        while (spots.containsKey(list + '[' + members.size() + ']')) {
            members.add(new HashMap<>());
        }
        String prefix = list + '[';
        spots.forEach((path, spot) -> {
            int end = path.startsWith(prefix) ? path.indexOf(']') : -1;
            if (end > 0) {
                String rest = path.substring(end + 1);
                members.get(Integer.parseInt(path.substring(prefix.length(), end)))
                        .put(rest.startsWith(".") ? rest.substring(1) : rest, spot.line);
            }
        });
        return members;
    }

    /** Takes a key away; returns whether it was there. */
    boolean remove(String key) {
        Spot spot = spots.get(key);
        return spot != null && spot.map != null && spot.map.remove(spot.key) != null;
    }

    /** Gives a key of a map another value, whether it is there or not; returns whether the map is there. */
    boolean replace(String key, String value) {
        ObjectNode map = maps.get(parent(key));
        if (map == null) {
            return false;
        }
        map.put(last(key), value);
        return true;
    }

    /** Returns the path that a path stands below, empty for a key of the file. */
    static String parent(String path) {
        int end = path.endsWith("]") ? path.lastIndexOf('[') : path.lastIndexOf('.');
        return end < 0 ? "" : path.substring(0, end);
    }

    /** Returns the last key of a path. */
    static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}

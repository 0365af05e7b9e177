package dev.rollcall.server.access;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rollcall.server.access.pattern.NamePattern;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a grant of version 3: {@code {"ttl":60,"permissions":{"resources":…,"patterns":…,"meta":{…},"uuid":"…"}}}, where
 * maps may be missing and old clients send the ttl as a string.
 */
final class TokenGrantReader {
    /** The deepest nesting in {@code meta}; clients read tokens of few levels only. */
    private static final int MAX_META_DEPTH = 4;

    private static final String PERMISSIONS = "permissions";

    private TokenGrantReader() {}

    /** Loads the JSON library's trees, which takes a moment, with the first grant only. */
    private static final class Mapper {
        static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(16)
                                .build())
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    /** Returns the token that is asked for. */
    static Token read(byte[] body, long nowSeconds) throws InvalidGrantException {
        JsonNode root;
        try {
            root = Mapper.JSON.readTree(body);
        } catch (IOException e) {
            throw new InvalidGrantException("Invalid JSON", "The body is not one JSON object.", "");
        }
        if (root == null || !root.isObject()) {
            throw new InvalidGrantException("Invalid JSON", "The body is not one JSON object.", "");
        }
        int ttl = ttl(root.path("ttl"));
        JsonNode permissions = root.path(PERMISSIONS);
        if (!permissions.isObject() || !permissions.has("resources") && !permissions.has("patterns")) {
            throw new InvalidGrantException("What are you granting?", "No resources and no patterns.", PERMISSIONS);
        }
        Permissions resources = permissions(permissions, "resources");
        Permissions patterns = permissions(permissions, "patterns");
        if ((resources.union() | patterns.union()) == 0) {
            throw new InvalidGrantException("This grant contains no permissions", "", PERMISSIONS);
        }
        checkPatterns(patterns);
        return new Token(
                nowSeconds, ttl, resources, patterns, meta(permissions.path("meta")), user(permissions.path("uuid")));
    }

    private static int ttl(JsonNode node) throws InvalidGrantException {
        String text = node.asText();
        // Six digits are more than enough, and cannot overflow.
        boolean number = (node.isIntegralNumber() || node.isTextual()) && text.matches("[0-9]{1,6}");
        int ttl = number ? Integer.parseInt(text) : 0;
        if (ttl < 1 || ttl > Token.MAX_TTL_MINUTES) {
            throw new InvalidGrantException(
                    "Invalid ttl", "Range should be 1 to " + Token.MAX_TTL_MINUTES + " minute(s).", "ttl");
        }
        return ttl;
    }

    private static Permissions permissions(JsonNode permissions, String part) throws InvalidGrantException {
        JsonNode kinds = permissions.path(part);
        if (kinds.isMissingNode() || kinds.isNull()) {
            return Permissions.NONE;
        }
        String location = PERMISSIONS + '.' + part;
        if (!kinds.isObject()) {
            throw invalidPermissions("Not a map.", location);
        }
        return new Permissions(
                masks(kinds, "channels", location),
                masks(kinds, "groups", location),
                masks(kinds, "spaces", location),
                masks(kinds, "users", location),
                masks(kinds, "uuids", location));
    }

    private static Map<String, Integer> masks(JsonNode kinds, String kind, String location)
            throws InvalidGrantException {
        JsonNode node = kinds.path(kind);
        var masks = new LinkedHashMap<String, Integer>();
        if (node.isMissingNode() || node.isNull()) {
            return masks;
        }
        String here = location + '.' + kind;
        if (!node.isObject()) {
            throw invalidPermissions("Not a map.", here);
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            JsonNode mask = entry.getValue();
            if (!mask.isInt()
                    || mask.intValue() < 0
                    || mask.intValue() > Right.ALL
                    || entry.getKey().isEmpty()) {
                throw invalidPermissions("Names need a mask of 0 to " + Right.ALL + '.', here);
            }
            masks.put(entry.getKey(), mask.intValue());
        }
        return masks;
    }

    private static void checkPatterns(Permissions patterns) throws InvalidGrantException {
        var texts = new ArrayList<String>(patterns.channels().keySet());
        texts.addAll(patterns.groups().keySet());
        texts.addAll(patterns.spaces().keySet());
        for (String text : texts) {
            try {
                NamePattern.of(text);
            } catch (IllegalArgumentException e) {
                String detail = "Not a pattern this server takes: " + e.getMessage() + '.';
                throw new InvalidGrantException("Invalid RegExp", detail, PERMISSIONS + ".patterns");
            }
        }
    }

    private static @Nullable String user(JsonNode node) throws InvalidGrantException {
        if (node.isMissingNode()
                || node.isNull()
                || node.isTextual() && node.textValue().isEmpty()) {
            return null;
        }
        if (!node.isTextual()) {
            throw invalidPermissions("Not a string.", PERMISSIONS + ".uuid");
        }
        return node.textValue();
    }

    private static Map<String, @Nullable Object> meta(JsonNode node) throws InvalidGrantException {
        if (node.isMissingNode() || node.isNull()) {
            return Map.of();
        }
        if (!node.isObject()) {
            throw invalidPermissions("Not a map.", PERMISSIONS + ".meta");
        }
        return members(node, 1);
    }

    private static Map<String, @Nullable Object> members(JsonNode node, int depth) throws InvalidGrantException {
        var members = new LinkedHashMap<String, @Nullable Object>();
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            members.put(member.getKey(), value(member.getValue(), depth));
        }
        return members;
    }

    private static @Nullable Object value(JsonNode node, int depth) throws InvalidGrantException {
        if (depth >= MAX_META_DEPTH && node.isContainerNode()) {
            throw invalidPermissions("More than " + MAX_META_DEPTH + " levels.", PERMISSIONS + ".meta");
        }
        if (node.isObject()) {
            return members(node, depth + 1);
        }
        if (node.isArray()) {
            var list = new ArrayList<@Nullable Object>();
            for (JsonNode member : node) {
                list.add(value(member, depth + 1));
            }
            return list;
        }
        if (node.isNull()) {
            return null;
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isNumber()) {
            return node.isIntegralNumber() && node.canConvertToLong() ? (Object) node.longValue() : node.doubleValue();
        }
        return node.asText();
    }

    private static InvalidGrantException invalidPermissions(String detail, String location) {
        return new InvalidGrantException("Invalid permissions", detail, location);
    }
}

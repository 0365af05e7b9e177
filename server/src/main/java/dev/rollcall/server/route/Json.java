package dev.rollcall.server.route;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.rollcall.protocol.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads what clients send as JSON. Strict, and bounded in depth: a request may be long, but not a maze. Works on the stream of words, for
 * the library's trees take a fifth of a second to load.
 */
final class Json {
    /** The deepest nesting of objects and arrays. */
    static final int MAX_DEPTH = 100;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private Json() {}

    /** Returns the text that {@code utf8} encodes, or null if it is not valid UTF-8. */
    static @Nullable String text(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Returns whether {@code json} is one JSON value. */
    static boolean isValid(String json) {
        try (JsonParser parser = FACTORY.createParser(json)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Returns the members of a JSON object, each value as compact JSON with its numbers exactly as they were sent, or null if {@code json}
     * is not one object. Of a repeated key the last value counts.
     */
    static @Nullable Map<String, byte[]> members(String json) {
        return members(json, name -> true);
    }

    /** The same for some of the members; the values of the others are passed over, whatever they are. */
    static @Nullable Map<String, byte[]> members(String json, Predicate<String> wanted) {
        try (JsonParser parser = FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            Map<String, byte[]> members = readMembers(parser, wanted);
            return parser.nextToken() == null ? members : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Writes an object of members that are compact JSON. */
    static void writeObject(JsonWriter out, Map<String, byte[]> members) {
        char separator = '{';
        for (Map.Entry<String, byte[]> member : members.entrySet()) {
            out.raw(separator).string(member.getKey()).raw(':').raw(member.getValue());
            separator = ',';
        }
        out.raw(members.isEmpty() ? "{}" : "}");
    }

    private static Map<String, byte[]> readMembers(JsonParser parser, Predicate<String> wanted) throws IOException {
        var members = new LinkedHashMap<String, byte[]>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            if (!wanted.test(key)) {
                parser.skipChildren();
                continue;
            }
            JsonWriter value = new JsonWriter(32);
            copy(parser, value);
            members.put(key, value.toByteArray());
        }
        return members;
    }

    /** Copies the value that begins with the current word. */
    private static void copy(JsonParser parser, JsonWriter out) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT -> writeObject(out, readMembers(parser, name -> true));
            case START_ARRAY -> {
                char separator = '[';
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    copy(parser, out.raw(separator));
                    separator = ',';
                }
                out.raw(separator == '[' ? "[]" : "]");
            }
            case VALUE_STRING -> out.string(parser.getText());
            // Numbers and words are ASCII.
            default -> out.raw(parser.getText());
        }
    }
}

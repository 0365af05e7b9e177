package dev.rollcall.cli.user;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rollcall.cli.base.Failure;
import org.jspecify.annotations.Nullable;

/** JSON on the command line. */
public final class Payloads {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Payloads() {}

    /** Reads any JSON. */
    public static JsonNode any(String name, String text) {
        try {
            JsonNode node = JSON.readTree(text);
            if (!node.isMissingNode()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw Failure.expected(name, text, "JSON; " + e.getOriginalMessage());
        }
        throw Failure.expected(name, text, "JSON");
    }

    /** Reads an object; returns null for null. */
    public static @Nullable JsonNode maybeObject(String name, @Nullable String text) {
        return text == null ? null : object(name, text);
    }

    /** Reads an object. */
    public static JsonNode object(String name, String text) {
        JsonNode node = any(name, text);
        if (!node.isObject()) {
            throw Failure.expected(name, text, "a JSON object such as {\"mood\":\"fine\"}");
        }
        return node;
    }
}

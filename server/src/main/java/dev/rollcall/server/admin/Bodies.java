package dev.rollcall.server.admin;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rollcall.server.http.Request;
import java.io.IOException;
import java.util.List;

/** Reads JSON that operators send. */
final class Bodies {
    private static final int MOST_BYTES = 256 * 1024;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Bodies() {}

    /** Returns the object that a request has for a body, an empty one if it has none, and refuses members that are not known. */
    static JsonNode object(Request request, List<String> known) {
        byte[] body = request.body();
        if (body.length > MOST_BYTES) {
            throw new AdminException(413, "body: " + body.length + " bytes", "at most " + MOST_BYTES + " bytes");
        }
        JsonNode tree;
        try {
            tree = body.length == 0 ? MAPPER.createObjectNode() : MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw new AdminException(400, "body: not JSON", "a JSON object");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        if (!tree.isObject()) {
            throw new AdminException(400, "body: not an object", "a JSON object");
        }
        tree.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                String shown = name.length() > 100 ? name.substring(0, 100) + '…' : name;
                throw new AdminException(400, shown + ": unknown member", String.join(", ", known));
            }
        });
        return tree;
    }
}

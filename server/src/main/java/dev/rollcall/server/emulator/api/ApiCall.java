package dev.rollcall.server.emulator.api;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.server.http.Exchange;
import dev.rollcall.server.http.Request;
import dev.rollcall.server.operator.Operator;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** One request to the emulator. Used by one thread at a time. */
final class ApiCall {
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    final Request request;
    final Exchange exchange;

    /** Who asks. */
    final Operator operator;

    /** What stands in the path where the endpoint has a name; empty if it has none. */
    final String name;

    private final AtomicBoolean isGivenUp = new AtomicBoolean();

    ApiCall(Request request, Exchange exchange, Operator operator, String name) {
        this.operator = operator;
        this.request = request;
        this.exchange = exchange;
        this.name = name;
    }

    /** Takes note that the client is gone. */
    void giveUp() {
        isGivenUp.set(true);
    }

    boolean isGivenUp() {
        return isGivenUp.get();
    }

    /** Returns the members of the JSON object that was sent, none if nothing was. */
    Members body() {
        byte[] body = request.body();
        JsonNode tree;
        try {
            tree = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
        } catch (JacksonException e) {
            throw new ApiException(400, "body: not JSON: " + e.getOriginalMessage(), "a JSON object");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        if (!(tree instanceof ObjectNode object)) {
            throw new ApiException(400, "body: not an object", "a JSON object");
        }
        return new Members("", object);
    }

    /** Returns the query by name, and refuses names other than these. */
    Map<String, String> query(String... known) {
        Map<String, String> query = new LinkedHashMap<>();
        String raw = request.rawQuery();
        if (raw == null || raw.isEmpty()) {
            return query;
        }
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String key = decode(equals < 0 ? pair : pair.substring(0, equals));
            if (!List.of(known).contains(key)) {
                throw new ApiException(
                        400, key + ": unknown parameter", known.length == 0 ? "none" : String.join(", ", known));
            }
            if (query.putIfAbsent(key, equals < 0 ? "" : decode(pair.substring(equals + 1))) != null) {
                throw new ApiException(400, key + ": given twice", "once");
            }
        }
        return query;
    }

    /** Returns a whole number of a query. */
    static long number(Map<String, String> query, String key, long absent, long least, long most) {
        String text = query.get(key);
        if (text == null) {
            return absent;
        }
        if (text.matches("[0-9]{1,18}")) {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw new ApiException(400, key + ": " + text, least + ".." + most);
    }

    static String decode(String raw) {
        try {
            return URLDecoder.decode(raw, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, raw, "percent-encoded UTF-8");
        }
    }
}

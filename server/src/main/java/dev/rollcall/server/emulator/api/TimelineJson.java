package dev.rollcall.server.emulator.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.rollcall.server.emulator.TimelineEntry;
import java.util.List;

/** Entries of the timeline as JSON. */
final class TimelineJson {
    private TimelineJson() {}

    static ObjectNode write(TimelineEntry entry) {
        ObjectNode out = ApiCall.JSON.createObjectNode();
        out.put("timetoken", Long.toString(entry.timetoken()));
        out.put("at", entry.at().toString());
        out.put("keyset", entry.keyset());
        out.put("channel", entry.channel());
        out.put("action", entry.action());
        if (entry.user() != null) {
            out.put("user", entry.user());
        }
        if (entry.cause() != null) {
            out.put("cause", entry.cause());
        }
        out.put("occupancy", entry.occupancy());
        String state = entry.state();
        if (state != null) {
            out.set("state", json(state));
        }
        put(out, "joined", entry.joined());
        put(out, "left", entry.left());
        put(out, "timedOut", entry.timedOut());
        return out;
    }

    static JsonNode json(String text) {
        try {
            return ApiCall.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(text);
        }
    }

    private static void put(ObjectNode out, String name, List<String> users) {
        if (!users.isEmpty()) {
            ArrayNode list = out.putArray(name);
            users.forEach(list::add);
        }
    }
}

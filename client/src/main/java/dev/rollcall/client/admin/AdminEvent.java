package dev.rollcall.client.admin;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to presence, or a gap: then events are missing before the next one, and whoever keeps a copy of something has to
 * read it anew.
 *
 * @param timetoken when, and its name
 * @param kind {@code join}, {@code leave}, {@code timeout}, {@code state-change}, {@code interval} or {@code gap}
 * @param key the keyset, or null for a gap
 * @param channel the channel, or null for a gap
 * @param user whom it is about, or null where it is about nobody alone
 * @param cause what caused it, such as {@code heartbeat} or {@code timeout}, or null
 * @param occupancy the number of occupants after it; -1 for a gap
 * @param all everything that the server said
 */
public record AdminEvent(
        String timetoken,
        String kind,
        @Nullable String key,
        @Nullable String channel,
        @Nullable String user,
        @Nullable String cause,
        int occupancy,
        JsonNode all) {
    /** The kind of a gap. */
    public static final String GAP = "gap";

    static AdminEvent of(JsonNode json) {
        return new AdminEvent(
                json.path("timetoken").asText(),
                json.path("kind").asText(),
                text(json, "key"),
                text(json, "channel"),
                text(json, "user"),
                text(json, "cause"),
                json.path("occupancy").asInt(-1),
                json);
    }

    private static @Nullable String text(JsonNode json, String name) {
        JsonNode value = json.get(name);
        return value == null ? null : value.asText();
    }

    /** Returns whether events are missing before the next one. */
    public boolean isGap() {
        return kind.equals(GAP);
    }
}

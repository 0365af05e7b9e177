package dev.rollcall.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The state of a user.
 *
 * @param channels the state in each channel, {@code {}} where there is none; the channels of a group by their own names
 */
public record GetStateResult(Map<String, JsonNode> channels) {
    /** Copies the map, keeping its order. */
    public GetStateResult {
        channels = Collections.unmodifiableMap(new LinkedHashMap<>(channels));
    }
}

package dev.rollcall.client;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The state that was set.
 *
 * @param state the state as the service took it
 */
public record SetStateResult(JsonNode state) {
    /** Refuses a missing state. */
    public SetStateResult {
        requireNonNull(state, "state");
    }
}

package dev.rollcall.client;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One user in one channel.
 *
 * @param uuid who
 * @param state what the user carries there; null if nothing, or if states were not asked for
 */
public record HereNowOccupant(String uuid, @Nullable JsonNode state) {
    /** Refuses a missing user id. */
    public HereNowOccupant {
        requireNonNull(uuid, "uuid");
    }
}

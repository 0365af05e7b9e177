package dev.rollcall.client.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * How a server is.
 *
 * @param version its version
 * @param engine where presence lives: {@code embedded} or {@code redis}
 * @param isReady whether it can serve
 * @param channels channels about which anything is known
 * @param occupants pairs of a user and a channel they are present in
 * @param polls subscribes that wait
 * @param alerts what somebody should look at, a sentence each
 * @param all everything that the server said
 */
public record Overview(
        String version,
        String engine,
        boolean isReady,
        long channels,
        long occupants,
        long polls,
        List<String> alerts,
        JsonNode all) {
    /** Copies the list. */
    public Overview {
        alerts = List.copyOf(alerts);
    }
}

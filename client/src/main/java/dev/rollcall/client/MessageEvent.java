package dev.rollcall.client;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.protocol.Timetoken;
import org.jspecify.annotations.Nullable;

/**
 * A message or signal. The JSON is shared by all listeners: do not change it.
 *
 * @param payload what was published, any JSON
 * @param channel the channel it was published to
 * @param subscription the wildcard or channel group that matched, or null if it was the channel itself
 * @param timetoken when it was published
 * @param publisher the user id of who published it, or null if unknown
 * @param userMetadata what the publisher gave for filters, or null if nothing
 * @param customMessageType the publisher's name for the type of message, or null if none
 */
public record MessageEvent(
        JsonNode payload,
        String channel,
        @Nullable String subscription,
        Timetoken timetoken,
        @Nullable String publisher,
        @Nullable JsonNode userMetadata,
        @Nullable String customMessageType) {
    /** Refuses a missing payload, channel or timetoken. */
    public MessageEvent {
        requireNonNull(payload, "payload");
        requireNonNull(channel, "channel");
        requireNonNull(timetoken, "timetoken");
    }
}

package dev.rollcall.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What a client publishes on a channel.
 *
 * @param type message or signal
 * @param payload the payload as valid UTF-8 JSON; not to be changed afterwards
 * @param meta what filter expressions look at, as valid UTF-8 JSON, or null
 * @param publisher the user id the client gave, or null if it gave none
 * @param sequence the client's own counter ({@code seqn}), 0 if it sent none
 * @param customType the custom message type, or null
 */
public record Publication(
        MessageType type,
        byte[] payload,
        byte @Nullable [] meta,
        @Nullable UserId publisher,
        int sequence,
        @Nullable String customType) {}

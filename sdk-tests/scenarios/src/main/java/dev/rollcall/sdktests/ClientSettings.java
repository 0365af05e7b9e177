package dev.rollcall.sdktests;

import org.jspecify.annotations.Nullable;

/**
 * What a client is opened with.
 *
 * @param origin host and port of the server
 * @param subscribeKey key of the keyset, for subscribing and presence
 * @param publishKey key of the keyset, for publishing
 * @param userId who the client is
 * @param lifetime how long it stays present by itself; the SDK's own default if null
 */
public record ClientSettings(
        String origin,
        String subscribeKey,
        String publishKey,
        String userId,
        @Nullable Lifetime lifetime) {

    /**
     * How long a client stays present.
     *
     * @param presenceTimeoutSeconds presence timeout it asks for; SDKs take 20 and more
     * @param heartbeats whether it sends heartbeats at the SDK's own interval, or none
     */
    public record Lifetime(int presenceTimeoutSeconds, boolean heartbeats) {}
}

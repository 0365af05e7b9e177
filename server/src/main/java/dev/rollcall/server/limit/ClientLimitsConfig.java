package dev.rollcall.server.limit;

import dev.rollcall.protocol.Limits;

/**
 * How much one client and one keyset may ask for. In all but the last two, 0 means no limit.
 *
 * @param requestsPerAddress requests a second of one client address
 * @param requestsPerKey requests a second of one subscribe key
 * @param pollsPerAddress waiting polls of one client address
 * @param pollsPerKey waiting polls of one subscribe key
 * @param connectionsPerAddress open connections of one address
 * @param channelsPerRequest channels and channel groups that one request names, at most {@link Limits#CHANNELS_PER_REQUEST}
 * @param answers how much work one request may make
 */
public record ClientLimitsConfig(
        int requestsPerAddress,
        int requestsPerKey,
        int pollsPerAddress,
        int pollsPerKey,
        int connectionsPerAddress,
        int channelsPerRequest,
        AnswerLimits answers) {
    /** No limits but those of the protocol. */
    public static final ClientLimitsConfig NONE = new ClientLimitsConfig(0, 0, 0, 0, 0, Limits.CHANNELS_PER_REQUEST);

    /** Makes limits with the usual ones of answers. */
    public ClientLimitsConfig(
            int requestsPerAddress,
            int requestsPerKey,
            int pollsPerAddress,
            int pollsPerKey,
            int connectionsPerAddress,
            int channelsPerRequest) {
        this(
                requestsPerAddress,
                requestsPerKey,
                pollsPerAddress,
                pollsPerKey,
                connectionsPerAddress,
                channelsPerRequest,
                AnswerLimits.DEFAULT);
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of range; the message begins with the name of its setting
     */
    public ClientLimitsConfig {
        requireNotNegative(Limit.REQUESTS_PER_ADDRESS, requestsPerAddress);
        requireNotNegative(Limit.REQUESTS_PER_KEY, requestsPerKey);
        requireNotNegative(Limit.MAX_POLLS_PER_ADDRESS, pollsPerAddress);
        requireNotNegative(Limit.MAX_POLLS_PER_KEY, pollsPerKey);
        requireNotNegative(Limit.MAX_CONNECTIONS_PER_ADDRESS, connectionsPerAddress);
        if (channelsPerRequest < 1 || channelsPerRequest > Limits.CHANNELS_PER_REQUEST) {
            throw new IllegalArgumentException(Limit.MAX_CHANNELS_PER_REQUEST.label() + ": " + channelsPerRequest
                    + " (expected: 1.." + Limits.CHANNELS_PER_REQUEST + ")");
        }
    }

    private static void requireNotNegative(Limit limit, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(limit.label() + ": " + value + " (expected: >= 0, 0 for no limit)");
        }
    }
}

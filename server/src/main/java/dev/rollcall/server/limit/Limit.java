package dev.rollcall.server.limit;

import java.util.Locale;

/** What is limited. Each has a setting of the same name, and is counted under it when it refuses or drops somebody. */
public enum Limit {
    /** Requests a second of one client address. */
    REQUESTS_PER_ADDRESS,
    /** Requests a second of one subscribe key. */
    REQUESTS_PER_KEY,
    /** Waiting polls of one client address. */
    MAX_POLLS_PER_ADDRESS,
    /** Waiting polls of one subscribe key. */
    MAX_POLLS_PER_KEY,
    /** Channels and channel groups named by one request. */
    MAX_CHANNELS_PER_REQUEST,
    /** Channels that one request stands for, groups expanded. */
    MAX_EXPANDED_CHANNELS,
    /** Occupants that one here-now answer lists. */
    MAX_LISTED_OCCUPANTS,
    /** Bytes of one answer. */
    MAX_ANSWER_BYTES,
    /** Open connections of one address. */
    MAX_CONNECTIONS_PER_ADDRESS,
    /** Open connections in all. */
    MAX_CONNECTIONS,
    /** Bytes of answers that one connection leaves unread. */
    MAX_BUFFERED_BYTES,
    /** Bytes of requests and answers under way on the connections of one address. */
    MAX_BUFFERED_BYTES_PER_ADDRESS,
    /** Bytes of requests and answers under way on all connections. */
    MAX_BUFFERED_BYTES_TOTAL,
    /** TLS handshakes under way, in all or of one address. */
    MAX_TLS_HANDSHAKES;

    /** Returns the name of the setting and in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

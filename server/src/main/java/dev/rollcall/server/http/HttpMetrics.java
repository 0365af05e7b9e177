package dev.rollcall.server.http;

/** Told what happens to connections. Called on event loops, so it must not block. */
public interface HttpMetrics {
    /** Takes nothing down. */
    HttpMetrics NONE = new HttpMetrics() {};

    /** Why the server closed a connection that its client would have kept. */
    enum DropReason {
        /** There were as many connections as the server takes. */
        CONNECTION_LIMIT,
        /** There were as many connections of one address as the server takes. */
        ADDRESS_LIMIT,
        /** The client did not speak TLS, failed to agree on it, or took too long. */
        TLS_HANDSHAKE,
        /** As many TLS handshakes were under way as the server takes, in all or of one address. */
        TLS_HANDSHAKE_LIMIT,
        /** The client broke the rules of HTTP/2. */
        HTTP2_ERROR,
        /** A request did not arrive in time. */
        REQUEST_TIMEOUT,
        /** There was no request for the idle time. */
        IDLE,
        /** The client took its answers too slowly, or not at all. */
        UNREAD_TOO_LONG,
        /** More bytes were kept for all connections than the server keeps, and this one had the most to give back. */
        BUFFERS_FULL,
        /** More bytes were kept for the connections of one address than the server keeps. */
        ADDRESS_BUFFERS_FULL
    }

    /** Why the server refused a request that was in order. */
    enum RefusalReason {
        /** More bytes were kept for all connections than the server keeps. */
        BUFFERS_FULL,
        /** More bytes waited for the connection than the server keeps for one. */
        UNREAD_TOO_MUCH,
        /** The answer was longer than the server sends. */
        ANSWER_TOO_LONG,
        /** The {@code Host} header named none of the hosts that the server is. */
        HOST
    }

    /** Takes down that a connection was accepted. */
    default void onConnectionOpened() {}

    /** Takes down that an accepted connection is closed, whoever closed it. */
    default void onConnectionClosed() {}

    /** Takes down that the server drops a connection. */
    default void onDropped(DropReason reason) {}

    /** Takes down that a request is answered with an error for a reason of this layer. */
    default void onRefused(RefusalReason reason) {}

    /** Takes down that so many bytes more are kept for slow clients, or less if negative. Called under a lock. */
    default void onBuffered(long bytes) {}

    /** Returns whether the server has room to keep so many bytes more for slow clients, besides all else. Called under a lock. */
    default boolean hasRoomToBuffer(long bytes) {
        return true;
    }

    /** Takes down that something failed in the server, for which one request or one connection pays. */
    default void onError() {}

    /** Takes down that connections cannot be accepted for now, because the system has no more of what they need. */
    default void onAcceptFailed() {}

    /** Takes down that a request was answered with {@code status} before it reached the handler. */
    default void onRequestRefused(int status) {}
}

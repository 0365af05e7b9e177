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
        /** The client did not speak TLS, or failed to agree on it. */
        TLS_HANDSHAKE,
        /** The client broke the rules of HTTP/2. */
        HTTP2_ERROR,
        /** A request did not arrive in time. */
        REQUEST_TIMEOUT,
        /** There was no request for the idle time. */
        IDLE,
        /** The client left its answers unread for the write time. */
        UNREAD_TOO_LONG,
        /** More bytes waited for the client than the server keeps. */
        UNREAD_TOO_MUCH,
        /** More bytes waited on all connections than the server keeps. */
        BUFFERS_FULL
    }

    /** Takes down that a connection was accepted. */
    default void onConnectionOpened() {}

    /** Takes down that an accepted connection is closed, whoever closed it. */
    default void onConnectionClosed() {}

    /** Takes down that the server drops a connection. */
    default void onDropped(DropReason reason) {}

    /** Takes down that a request was answered with {@code status} before it reached the handler. */
    default void onRequestRefused(int status) {}
}

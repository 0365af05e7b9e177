package dev.rollcall.client;

/** What kind of thing a {@link Status} or a {@link RollcallException} tells. */
public enum Category {
    /** The request was answered as asked. */
    ACKNOWLEDGMENT(false),
    /** Listening to the channels named. */
    CONNECTED(false),
    /** The connection is lost and is being restored; nothing to do. */
    RECONNECTING(true),
    /** Listening again; what was published meanwhile follows, as far back as the service keeps messages. */
    RECONNECTED(false),
    /** No longer listening, because nothing is subscribed or the client was told to stop. */
    DISCONNECTED(false),
    /** No longer listening, because of a failure that trying again will not cure, or the attempts are used up. */
    UNEXPECTED_DISCONNECT(true),
    /** The token or key grants no right on the channels or channel groups named. */
    ACCESS_DENIED(true),
    /** No answer in time. */
    TIMEOUT(true),
    /** No connection, or it broke. */
    NETWORK_ISSUES(true),
    /** TLS could not be set up. */
    TLS_CONNECTION_FAILED(true),
    /** The certificate of the service is not trusted. */
    TLS_UNTRUSTED_CERTIFICATE(true),
    /** The request was cancelled. */
    CANCELLED(true),
    /** The service refuses the request as it stands. */
    BAD_REQUEST(true),
    /** The filter expression cannot be parsed. */
    MALFORMED_FILTER_EXPRESSION(true),
    /** The names, the state or the message make the address too long. */
    URI_TOO_LONG(true),
    /** The message is too large. */
    PAYLOAD_TOO_LARGE(true),
    /** The feature is off for this keyset. */
    FEATURE_OFF(true),
    /** Too many requests. */
    RATE_LIMITED(true),
    /** The service failed. */
    SERVER_ERROR(true),
    /** The answer is not what the protocol says. */
    MALFORMED_RESPONSE(true),
    /** None of the others. */
    UNKNOWN(true);

    private final boolean error;

    Category(boolean error) {
        this.error = error;
    }

    /** Returns whether this is bad news. */
    public boolean isError() {
        return error;
    }
}

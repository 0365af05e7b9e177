package dev.rollcall.protocol;

/**
 * Everything that can be wrong with a request, with the HTTP status, the service that speaks in the body, the text clients know and
 * whether trying again makes sense.
 */
public enum ErrorCode {
    /** The subscribe key is malformed or not configured. */
    INVALID_SUBSCRIBE_KEY(400, Service.ACCESS_MANAGER, "Invalid Subscribe Key", false),
    /** The publish key does not belong to the subscribe key. */
    INVALID_PUBLISH_KEY(400, Service.PUBLISH, "Invalid Key", false),
    /** A message cannot be published: its channel, payload or a parameter is wrong. */
    INVALID_PUBLISH(400, Service.PUBLISH, "Invalid Message", false),
    /** A presence parameter or path segment has a wrong value; the message says which and what was expected. */
    INVALID_ARGUMENT(400, Service.PRESENCE, "Bad Request", false),
    /** A state or state map is not a JSON object, or a published payload is not JSON. */
    INVALID_JSON(400, Service.PRESENCE, "Invalid JSON specified.", false),
    /** A presence call names no user. */
    MISSING_USER_ID(400, Service.PRESENCE, "No UUID specified", false),
    /** The subscribe cursor is not a timetoken. */
    INVALID_TIMETOKEN(400, Service.SUBSCRIBE, "Invalid timetoken", false),
    /** A subscribe parameter or path segment has a wrong value. */
    INVALID_SUBSCRIBE(400, Service.SUBSCRIBE, "Bad Request", false),
    /** The filter expression cannot be parsed; clients look for this very text. */
    FILTER_SYNTAX(400, Service.SUBSCRIBE, "Filter syntax error", false),
    /** A channel group parameter has a wrong value. */
    INVALID_GROUP_REQUEST(400, Service.CHANNEL_GROUPS, "Bad Request", false),
    /** The request cannot be read as HTTP. */
    MALFORMED_REQUEST(400, Service.BALANCER, "Bad Request", false),
    /** A feature is switched off for the keyset. */
    FEATURE_OFF(
            402,
            Service.PRESENCE,
            "This feature is not turned on for this account. Contact support@pubnub.com to activate this feature.",
            false),
    /** The token or key grants no right on a channel or channel group. */
    FORBIDDEN(403, Service.ACCESS_MANAGER, "Forbidden", false),
    /** A grant, audit or revocation has a wrong parameter; the message says which and what was expected. */
    INVALID_GRANT(400, Service.ACCESS_MANAGER, "Bad Request", false),
    /** The timestamp of a request that must be signed is missing, or too far from the server's clock. */
    INVALID_TIMESTAMP(400, Service.ACCESS_MANAGER, "Invalid Timestamp", false),
    /** The signature of a request that must be signed is missing or wrong. */
    INVALID_SIGNATURE(403, Service.ACCESS_MANAGER, "Invalid Signature", false),
    /** The hosted service has this feature, Rollcall does not; the message names it. */
    NO_SUCH_FEATURE(403, Service.BALANCER, "This feature is not available", false),
    /** No such path. */
    NOT_FOUND(404, Service.BALANCER, "Not Found", false),
    /** The path exists, the method does not. */
    METHOD_NOT_ALLOWED(405, Service.BALANCER, "Method Not Allowed", false),
    /** The client was too slow to send its request. */
    REQUEST_TIMEOUT(408, Service.BALANCER, "Request Timeout", true),
    /** A message is larger than its keyset allows; clients look for this very text. */
    MESSAGE_TOO_LARGE(413, Service.PUBLISH, "Message Too Large", false),
    /** The body is larger than {@link Limits#BODY_BYTES}. */
    PAYLOAD_TOO_LARGE(413, Service.BALANCER, "Request Entity Too Large", false),
    /** The URI is longer than {@link Limits#URI_BYTES}. */
    URI_TOO_LONG(414, Service.BALANCER, "Request URI Too Long", false),
    /** The body is encoded in a way the server does not know. */
    UNSUPPORTED_ENCODING(415, Service.BALANCER, "Unsupported Media Type", false),
    /** Too many requests. */
    RATE_LIMITED(429, Service.BALANCER, "Too Many Requests", true),
    /** The headers are larger than the server takes. */
    HEADERS_TOO_LARGE(431, Service.BALANCER, "Request Header Fields Too Large", false),
    /** A defect of the server; its log has the cause. */
    INTERNAL(500, Service.BALANCER, "Internal Server Error", true),
    /** The engine cannot answer now. */
    UNAVAILABLE(503, Service.BALANCER, "Service Unavailable", true);

    /** Who speaks in an error body. Presence and channel groups differ in how they spell {@code error}. */
    public enum Service {
        /** Presence calls; {@code error} is {@code 1}. */
        PRESENCE("Presence", "1"),
        /** Access control and keys. */
        ACCESS_MANAGER("Access Manager", "true"),
        /** Channel groups. */
        CHANNEL_GROUPS("channel-registry", "true"),
        /** Subscribe. */
        SUBSCRIBE("Subscribe", "1"),
        /** Publish and signal, whose errors are arrays. */
        PUBLISH("Publish", "true"),
        /** What stands before all services: framing, limits, routes. */
        BALANCER("Balancer", "true");

        private final String wireName;
        private final String errorValue;

        Service(String wireName, String errorValue) {
            this.wireName = wireName;
            this.errorValue = errorValue;
        }

        /** Returns the name in the body. */
        public String wireName() {
            return wireName;
        }
    }

    private final int status;
    private final Service service;
    private final String text;
    private final boolean retryable;

    ErrorCode(int status, Service service, String text, boolean retryable) {
        this.status = status;
        this.service = service;
        this.text = text;
        this.retryable = retryable;
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    /** Returns who speaks. */
    public Service service() {
        return service;
    }

    /** Returns the text clients know this error by. */
    public String text() {
        return text;
    }

    /** Returns whether the same request may succeed later. */
    public boolean isRetryable() {
        return retryable;
    }

    /** Returns the body {@code {"status":…,"error":…,"message":…,"service":…}} with {@code message} in place of the known text. */
    public byte[] body(String message) {
        JsonWriter out = new JsonWriter(96 + message.length());
        out.raw("{\"status\":").number(status).raw(",\"error\":").raw(service.errorValue);
        out.raw(",\"message\":").string(message);
        out.raw(",\"service\":").string(service.wireName).raw('}');
        return out.toByteArray();
    }
}

package dev.rollcall.server.access;

import dev.rollcall.protocol.ErrorCode;

/** What a request asks for. Names requests in metrics and in front of the access gate. */
public enum Operation {
    /** One round of a subscribe loop, either version. */
    SUBSCRIBE("subscribe", ErrorCode.INVALID_SUBSCRIBE),
    /** A sign of life. */
    HEARTBEAT("heartbeat", ErrorCode.INVALID_ARGUMENT),
    /** An explicit leave. */
    LEAVE("leave", ErrorCode.INVALID_ARGUMENT),
    /** Who is in these channels, or in all. */
    HERE_NOW("here-now", ErrorCode.INVALID_ARGUMENT),
    /** Where a user is. */
    WHERE_NOW("where-now", ErrorCode.INVALID_ARGUMENT),
    /** What a user carries. */
    GET_STATE("get-state", ErrorCode.INVALID_ARGUMENT),
    /** A new state for a user. */
    SET_STATE("set-state", ErrorCode.INVALID_ARGUMENT),
    /** The channels of a group, or the groups of a keyset. */
    LIST_GROUPS("list-groups", ErrorCode.INVALID_GROUP_REQUEST),
    /** A group gets or loses channels, or is deleted. */
    CHANGE_GROUP("change-group", ErrorCode.INVALID_GROUP_REQUEST),
    /** A message, fired ones included. */
    PUBLISH("publish", ErrorCode.INVALID_PUBLISH),
    /** A signal. */
    SIGNAL("signal", ErrorCode.INVALID_PUBLISH),
    /** What time is it? */
    TIME("time", ErrorCode.MALFORMED_REQUEST),
    /** A path that leads nowhere. */
    UNKNOWN("unknown", ErrorCode.MALFORMED_REQUEST);

    private final String label;
    private final ErrorCode argumentError;

    Operation(String label, ErrorCode argumentError) {
        this.label = label;
        this.argumentError = argumentError;
    }

    /** Returns the name in metrics. */
    public String label() {
        return label;
    }

    /** Returns the error that says a name or parameter of such a request is wrong. */
    public ErrorCode argumentError() {
        return argumentError;
    }
}

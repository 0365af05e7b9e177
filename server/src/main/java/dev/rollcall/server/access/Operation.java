package dev.rollcall.server.access;

import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.server.access.key.Right;
import org.jspecify.annotations.Nullable;

/** What a request asks for. Names requests in metrics and in front of the access gate. */
public enum Operation {
    /** One round of a subscribe loop, either version. */
    SUBSCRIBE("subscribe", ErrorCode.INVALID_SUBSCRIBE, Right.READ),
    /** A sign of life. */
    HEARTBEAT("heartbeat", ErrorCode.INVALID_ARGUMENT, Right.READ),
    /** An explicit leave. */
    LEAVE("leave", ErrorCode.INVALID_ARGUMENT, null),
    /** Who is in these channels, or in all. */
    HERE_NOW("here-now", ErrorCode.INVALID_ARGUMENT, Right.READ),
    /** Where a user is. */
    WHERE_NOW("where-now", ErrorCode.INVALID_ARGUMENT, null),
    /** What a user carries. */
    GET_STATE("get-state", ErrorCode.INVALID_ARGUMENT, Right.READ),
    /** A new state for a user. */
    SET_STATE("set-state", ErrorCode.INVALID_ARGUMENT, Right.READ),
    /** The channels of a group, or the groups of a keyset. */
    LIST_GROUPS("list-groups", ErrorCode.INVALID_GROUP_REQUEST, Right.MANAGE),
    /** A group gets or loses channels, or is deleted. */
    CHANGE_GROUP("change-group", ErrorCode.INVALID_GROUP_REQUEST, Right.MANAGE),
    /** A message, fired ones included. */
    PUBLISH("publish", ErrorCode.INVALID_PUBLISH, Right.WRITE),
    /** A signal. */
    SIGNAL("signal", ErrorCode.INVALID_PUBLISH, Right.WRITE),
    /** Rights for everybody, or for an auth key. */
    GRANT("grant", ErrorCode.INVALID_GRANT, null),
    /** What was granted. */
    AUDIT("audit", ErrorCode.INVALID_GRANT, null),
    /** A token. */
    GRANT_TOKEN("grant-token", ErrorCode.INVALID_GRANT, null),
    /** The end of a token. */
    REVOKE_TOKEN("revoke-token", ErrorCode.INVALID_GRANT, null),
    /** What time is it? */
    TIME("time", ErrorCode.MALFORMED_REQUEST, null),
    /** A path that leads nowhere. */
    UNKNOWN("unknown", ErrorCode.MALFORMED_REQUEST, null);

    private final String label;
    private final ErrorCode argumentError;
    private final @Nullable Right right;

    Operation(String label, ErrorCode argumentError, @Nullable Right right) {
        this.label = label;
        this.argumentError = argumentError;
        this.right = right;
    }

    /** Returns the name in metrics. */
    public String label() {
        return label;
    }

    /** Returns the error that says a name or parameter of such a request is wrong. */
    public ErrorCode argumentError() {
        return argumentError;
    }

    /** Returns the right it takes on every name, or null if it takes none. */
    @Nullable
    Right right() {
        return right;
    }
}

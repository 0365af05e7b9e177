package dev.rollcall.server.access;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.JsonWriter;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Why a request may not pass. Clients set aside what it names, so it names exactly what is forbidden.
 *
 * @param reason the kind of trouble
 * @param channels the channels on which the right is missing
 * @param groups the channel groups on which it is missing
 */
public record Refusal(Reason reason, List<Channel> channels, List<ChannelGroup> groups) {
    /** The kinds of trouble, with the text and the header value clients know them by. */
    public enum Reason {
        /** A right is missing. */
        FORBIDDEN(ErrorCode.FORBIDDEN.text(), "9999"),
        /** The token is too old. */
        TOKEN_EXPIRED("Token is expired.", "9999"),
        /** The token was revoked. */
        TOKEN_REVOKED("Token is revoked", "4001"),
        /** There is only a signature, and its timestamp is wrong. */
        INVALID_TIMESTAMP(ErrorCode.INVALID_TIMESTAMP.text(), "9999"),
        /** There is only a signature, and it is wrong. */
        INVALID_SIGNATURE(ErrorCode.INVALID_SIGNATURE.text(), "9999"),
        /** The keyset does not exist any more. */
        INVALID_SUBSCRIBE_KEY(ErrorCode.INVALID_SUBSCRIBE_KEY.text(), "");

        private final String text;
        private final String cause;

        Reason(String text, String cause) {
            this.text = text;
            this.cause = cause;
        }
    }

    /** Copies the lists, each name once. */
    public Refusal {
        channels = List.copyOf(new LinkedHashSet<>(channels));
        groups = List.copyOf(new LinkedHashSet<>(groups));
    }

    /** Makes the refusal of a request that has no right on these. */
    public Refusal(List<Channel> channels, List<ChannelGroup> groups) {
        this(Reason.FORBIDDEN, channels, groups);
    }

    /** Returns the HTTP status. */
    public int status() {
        return reason == Reason.INVALID_SUBSCRIBE_KEY
                ? ErrorCode.INVALID_SUBSCRIBE_KEY.status()
                : ErrorCode.FORBIDDEN.status();
    }

    /** Returns the text clients know the trouble by. */
    public String text() {
        return reason.text;
    }

    /** Returns the headers that say more. */
    public Map<String, String> headers() {
        return reason.cause.isEmpty() ? Map.of() : Map.of("X-Pn-Cause", reason.cause);
    }

    /** Returns the body, a line of JSON. */
    public byte[] body() {
        if (reason == Reason.INVALID_SUBSCRIBE_KEY) {
            byte[] known = ErrorCode.INVALID_SUBSCRIBE_KEY.body(reason.text);
            byte[] line = Arrays.copyOf(known, known.length + 1);
            line[known.length] = '\n';
            return line;
        }
        JsonWriter out = new JsonWriter(160);
        out.raw("{\"message\":\"").raw(reason.text).raw('"');
        char separator = '{';
        if (!channels.isEmpty()) {
            out.raw(",\"payload\":{\"channels\":");
            writeNames(out, channels.stream().map(Channel::name).toList());
            separator = ',';
        }
        if (!groups.isEmpty()) {
            out.raw(separator == '{' ? ",\"payload\":{" : ",").raw("\"channel-groups\":");
            // Clients strip one leading colon: the empty namespace.
            writeNames(out, groups.stream().map(group -> ':' + group.name()).toList());
            separator = ',';
        }
        if (separator == ',') {
            out.raw('}');
        }
        return out.raw(",\"error\":true,\"service\":\"Access Manager\",\"status\":403}\n")
                .toByteArray();
    }

    private static void writeNames(JsonWriter out, List<String> names) {
        char separator = '[';
        for (String name : names) {
            out.raw(separator).string(name);
            separator = ',';
        }
        out.raw(']');
    }
}

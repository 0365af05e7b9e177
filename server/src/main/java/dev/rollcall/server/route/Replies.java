package dev.rollcall.server.route;

import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.Timetoken;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.Response.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** The frames that answers of several routes share. */
final class Replies {
    /** A heartbeat was heard. */
    static final Response HEARTBEAT = presence("{\"status\":200,\"message\":\"OK\",\"service\":\"Presence\"}");

    /** A leave was heard. */
    static final Response LEAVE =
            presence("{\"status\":200,\"action\":\"leave\",\"message\":\"OK\",\"service\":\"Presence\"}");

    /** A channel group was changed. */
    static final Response GROUP_CHANGED =
            groups(ascii("{\"status\":200,\"message\":\"OK\",\"service\":\"channel-registry\",\"error\":false}"));

    /** Says that something is missing between the position asked for and what the answer begins with. */
    private static final Map<String, String> GAP = Map.of("Rollcall-Gap", "1");

    private static final String PRESENCE_END = ",\"service\":\"Presence\"}";

    private Replies() {}

    private static Response presence(String body) {
        return presence(ascii(body));
    }

    /** Returns an answer of presence. */
    static Response presence(byte[] body) {
        return new Response(200, Kind.PRESENCE, body);
    }

    /** Begins a presence answer; members with leading commas and {@link #endPresence} follow. */
    static JsonWriter beginPresence(int capacity) {
        return beginPresence(new JsonWriter(capacity));
    }

    /** The same in a writer that somebody made. */
    static JsonWriter beginPresence(JsonWriter out) {
        return out.raw("{\"status\":200,\"message\":\"OK\"");
    }

    /** Ends a presence answer. */
    static Response endPresence(JsonWriter out) {
        return presence(presenceBody(out));
    }

    /** Ends the body of a presence answer. */
    static byte[] presenceBody(JsonWriter out) {
        return out.raw(PRESENCE_END).toByteArray();
    }

    /** Returns an answer about channel groups. */
    static Response groups(byte[] body) {
        return new Response(200, Kind.CHANNEL_GROUPS, body);
    }

    /** Returns an answer of subscribe, publish or time. */
    static Response feed(byte[] body) {
        return new Response(200, Kind.FEED, body);
    }

    /** Returns what a poll is answered with whose client has missed something that is no longer kept. */
    static Response feedAfterGap(byte[] body) {
        return new Response(200, Kind.FEED, body, GAP);
    }

    /** Returns the body of a publish that was accepted. */
    static byte[] sent(long timetoken) {
        return published(1, "Sent", timetoken);
    }

    /** Returns the body of a publish that was refused. */
    static byte[] notSent(String why) {
        return published(
                0, why, Timetoken.ofEpochMillis(System.currentTimeMillis()).value());
    }

    private static byte[] published(int success, String text, long timetoken) {
        return new JsonWriter(48 + text.length())
                .raw('[')
                .number(success)
                .raw(',')
                .string(text)
                .raw(",\"")
                .number(timetoken)
                .raw("\"]")
                .toByteArray();
    }

    /** Returns a body with a line feed at its end. */
    static byte[] line(byte[] body) {
        byte[] line = Arrays.copyOf(body, body.length + 1);
        line[body.length] = '\n';
        return line;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

package dev.rollcall.client.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.rollcall.client.MessageEvent;
import dev.rollcall.client.PresenceEvent;
import dev.rollcall.client.RollcallListener;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Timetoken;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Turns the envelopes of a poll into calls of listeners. */
public final class EnvelopeReader {
    private static final int MESSAGE = 0;
    private static final int SIGNAL = 1;

    /** The end of the year 9999. */
    private static final long LATEST_SECOND = 253_402_300_799L;

    private EnvelopeReader() {}

    /**
     * Returns what to tell listeners, and tells {@code presenceToo} of presence events; null for an envelope of a kind that they are not told of.
     *
     * @throws IllegalArgumentException if something that cannot be done without is missing
     */
    public static @Nullable Consumer<RollcallListener> read(JsonNode envelope, Consumer<PresenceEvent> presenceToo) {
        String name = envelope.path("c").asText();
        if (name.isEmpty()) {
            throw new IllegalArgumentException("c: missing (expected: a channel)");
        }
        Timetoken timetoken = Answers.timetoken(envelope.path("p").path("t"), envelope);
        int kind = envelope.path("e").asInt(MESSAGE);
        if (kind == MESSAGE && name.endsWith(Channel.PRESENCE_SUFFIX)) {
            PresenceEvent event = presence(envelope, name, timetoken);
            if (event == null) {
                return null;
            }
            presenceToo.accept(event);
            return listener -> listener.presence(event);
        }
        if (kind != MESSAGE && kind != SIGNAL) {
            return null;
        }
        JsonNode payload = envelope.path("d");
        MessageEvent message = new MessageEvent(
                payload.isMissingNode() ? NullNode.getInstance() : payload,
                name,
                subscription(envelope, name),
                timetoken,
                text(envelope, "i"),
                Answers.present(envelope.get("u")),
                text(envelope, "cmt"));
        return kind == SIGNAL ? listener -> listener.signal(message) : listener -> listener.message(message);
    }

    private static @Nullable PresenceEvent presence(JsonNode envelope, String name, Timetoken timetoken) {
        JsonNode payload = envelope.path("d");
        PresenceEvent.Origin origin = new PresenceEvent.Origin(
                WireNames.base(name),
                subscription(envelope, name),
                timetoken,
                timestamp(payload, timetoken),
                payload.path("occupancy").asInt(),
                text(payload, "cause"));
        return switch (payload.path("action").asText()) {
            case "join" -> new PresenceEvent.Join(origin, uuid(payload), Answers.present(payload.get("data")));
            case "leave" -> new PresenceEvent.Leave(origin, uuid(payload));
            case "timeout" -> new PresenceEvent.Timeout(origin, uuid(payload));
            case "state-change" -> new PresenceEvent.StateChange(origin, uuid(payload), payload.path("data"));
            case "interval" ->
                new PresenceEvent.Interval(
                        origin,
                        strings(payload, "join"),
                        strings(payload, "leave"),
                        strings(payload, "timeout"),
                        payload.path("here_now_refresh").asBoolean());
            default -> null;
        };
    }

    /** Falls back to the position in the feed, which is a time too, where the payload's is missing or out of all range. */
    private static Instant timestamp(JsonNode payload, Timetoken timetoken) {
        JsonNode precise = payload.path("precise_timestamp");
        JsonNode seconds = payload.path("timestamp");
        if (precise.canConvertToLong() && Math.abs(precise.asLong()) <= LATEST_SECOND * 1000) {
            return Instant.ofEpochMilli(precise.asLong());
        }
        if (seconds.canConvertToLong() && Math.abs(seconds.asLong()) <= LATEST_SECOND) {
            return Instant.ofEpochSecond(seconds.asLong());
        }
        return Instant.ofEpochMilli(timetoken.epochMillis());
    }

    private static String uuid(JsonNode payload) {
        JsonNode uuid = payload.path("uuid");
        if (!uuid.isTextual()) {
            throw new IllegalArgumentException("uuid: missing (expected: a string)");
        }
        return uuid.textValue();
    }

    private static List<String> strings(JsonNode payload, String field) {
        return Answers.strings(payload, field);
    }

    /** Returns the wildcard or group that matched; null where it was the channel itself. */
    private static @Nullable String subscription(JsonNode envelope, String name) {
        String matched = text(envelope, "b");
        return matched == null || matched.equals(name) ? null : WireNames.base(matched);
    }

    private static @Nullable String text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isTextual() ? value.textValue() : null;
    }
}

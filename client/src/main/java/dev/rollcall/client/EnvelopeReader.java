package dev.rollcall.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Timetoken;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Turns the envelopes of a poll into calls of listeners. */
final class EnvelopeReader {
    private static final int MESSAGE = 0;
    private static final int SIGNAL = 1;

    private EnvelopeReader() {}

    /**
     * Returns what to tell listeners; null for an envelope of a kind that they are not told of.
     *
     * @throws IllegalArgumentException if something that cannot be done without is missing
     */
    static @Nullable Consumer<RollcallListener> read(JsonNode envelope) {
        String name = envelope.path("c").asText();
        if (name.isEmpty()) {
            throw new IllegalArgumentException("c: missing (expected: a channel)");
        }
        Timetoken timetoken = Answers.timetoken(envelope.path("p").path("t"), envelope);
        int kind = envelope.path("e").asInt(MESSAGE);
        if (kind == MESSAGE && name.endsWith(Channel.PRESENCE_SUFFIX)) {
            PresenceEvent event = presence(envelope, name, timetoken);
            return event == null ? null : listener -> listener.presence(event);
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
                Names.base(name),
                subscription(envelope, name),
                timetoken,
                timestamp(payload),
                payload.path("occupancy").asInt());
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

    private static Instant timestamp(JsonNode payload) {
        JsonNode precise = payload.path("precise_timestamp");
        return precise.isIntegralNumber()
                ? Instant.ofEpochMilli(precise.asLong())
                : Instant.ofEpochSecond(payload.path("timestamp").asLong());
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
        return matched == null || matched.equals(name) ? null : Names.base(matched);
    }

    private static @Nullable String text(JsonNode envelope, String field) {
        JsonNode value = envelope.path(field);
        return value.isTextual() ? value.textValue() : null;
    }
}

package dev.rollcall.engine.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One message as a client got it, read back from the encoded answer. Its shape is checked while it is read.
 *
 * @param envelope the whole envelope
 * @param timetoken its position ({@code p.t})
 * @param channel its channel ({@code c}), for presence without the suffix
 * @param match the subscription that matched ({@code b}), or null
 * @param text what it says: {@code join bob 2 {"k":1}}, {@code interval 4 join=[bob]}, {@code message "hi"}
 */
public record Heard(
        JsonNode envelope,
        long timetoken,
        String channel,
        @Nullable String match,
        String text) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern DIGITS = Pattern.compile("\\d{17}");
    private static final String SUFFIX = "-pnpres";

    /** Reads the body of an answer. */
    public static List<Heard> inBody(byte[] body, long timetoken) {
        JsonNode root = parse(body);
        JsonNode position = root.path("t");
        require(Long.toString(timetoken).equals(position.path("t").textValue()), "t.t as a string", root);
        require(position.path("r").isInt() && position.path("r").intValue() != 0, "t.r as a number", root);
        List<Heard> heard = new ArrayList<>();
        root.path("m").forEach(envelope -> heard.add(of(envelope)));
        return heard;
    }

    /** Parses JSON. */
    public static JsonNode parse(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void require(boolean condition, String what, JsonNode seen) {
        if (!condition) {
            throw new AssertionError("expected " + what + " in " + seen);
        }
    }

    private static Heard of(JsonNode envelope) {
        require(envelope.path("a").isTextual(), "a as a string", envelope);
        require(envelope.path("f").isInt(), "f as a number", envelope);
        require(envelope.path("k").isTextual(), "k as a string", envelope);
        require(envelope.has("d"), "d", envelope);
        JsonNode position = envelope.path("p");
        require(DIGITS.matcher(position.path("t").asText()).matches(), "p.t as 17 digits", envelope);
        require(position.path("t").isTextual() && position.path("r").intValue() != 0, "p.t and p.r", envelope);
        long timetoken = Long.parseLong(position.path("t").textValue());
        String channel = envelope.path("c").textValue();
        String match = envelope.has("b") ? envelope.get("b").textValue() : null;
        if (!channel.endsWith(SUFFIX)) {
            return new Heard(envelope, timetoken, channel, match, "message " + compact(envelope.get("d")));
        }
        String base = channel.substring(0, channel.length() - SUFFIX.length());
        checkPresence(envelope, base, timetoken);
        return new Heard(envelope, timetoken, base, match, text(envelope.get("d")));
    }

    private static void checkPresence(JsonNode envelope, String channel, long timetoken) {
        JsonNode event = envelope.get("d");
        JsonNode meta = envelope.path("u");
        for (String absent : List.of("i", "s", "o", "e")) {
            require(!envelope.has(absent), "no " + absent, envelope);
        }
        require(event.path("timestamp").isIntegralNumber(), "timestamp as a whole number", event);
        require(event.path("occupancy").isInt(), "occupancy as a whole number", event);
        long precise = event.path("precise_timestamp").longValue();
        require(event.path("timestamp").longValue() == precise / 1000, "precise_timestamp of timestamp", event);
        // 10,000 timetokens a millisecond; more events than that in one millisecond run ahead of the clock.
        long ahead = timetoken / 10_000 - precise;
        require(ahead >= -1 && ahead < 60_000, "precise_timestamp of " + timetoken, event);
        for (String field : List.of("action", "uuid", "timestamp", "precise_timestamp", "occupancy")) {
            require(meta.path("pn_" + field).equals(event.path(field)), "the same pn_" + field, envelope);
        }
        require(meta.path("pn_ispresence").intValue() == 1, "pn_ispresence", envelope);
        require(channel.replace("*", "%2A").equals(meta.path("pn_channel").textValue()), "pn_channel", envelope);
    }

    private static String text(JsonNode event) {
        StringBuilder text = new StringBuilder(event.path("action").textValue());
        if (event.has("uuid")) {
            text.append(' ').append(event.path("uuid").textValue());
        }
        text.append(' ').append(event.path("occupancy").intValue());
        for (String list : List.of("join", "leave", "timeout")) {
            if (event.has(list)) {
                text.append(' ').append(list).append('=').append(users(event.get(list)));
            }
        }
        if (event.has("here_now_refresh")) {
            require(event.get("here_now_refresh").booleanValue(), "here_now_refresh as true", event);
            text.append(" refresh");
        }
        if (event.has("data")) {
            text.append(' ').append(compact(event.get("data")));
        }
        return text.toString();
    }

    private static String users(JsonNode list) {
        List<String> users = new ArrayList<>();
        for (Iterator<JsonNode> each = list.elements(); each.hasNext(); ) {
            users.add(each.next().textValue());
        }
        Set<String> sorted = new TreeSet<>(users);
        require(!users.isEmpty() && sorted.size() == users.size(), "somebody, each once", list);
        return "[" + String.join(",", sorted) + "]";
    }

    private static String compact(JsonNode json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the event ({@code d}). */
    public JsonNode payload() {
        return envelope.get("d");
    }

    /** Returns this in as many words as {@code expected} uses. */
    Sound inWordsOf(Sound expected) {
        String shownMatch = match == null ? Sound.UNNAMED : match;
        return new Sound(
                text, expected.channel() == null ? null : channel, expected.match() == null ? null : shownMatch);
    }

    /** Returns this in full. */
    Sound inFull() {
        return new Sound(text, channel, match == null ? Sound.UNNAMED : match);
    }

    /** Returns these in full. */
    static List<Sound> inFull(List<Heard> heard) {
        return heard.isEmpty()
                ? Collections.emptyList()
                : heard.stream().map(Heard::inFull).toList();
    }
}

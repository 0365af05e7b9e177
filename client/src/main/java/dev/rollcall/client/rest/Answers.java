package dev.rollcall.client.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.client.Acknowledged;
import dev.rollcall.client.ChannelGroupsResult;
import dev.rollcall.client.ChannelsResult;
import dev.rollcall.client.GetStateResult;
import dev.rollcall.client.GrantResult;
import dev.rollcall.client.HereNowChannel;
import dev.rollcall.client.HereNowOccupant;
import dev.rollcall.client.HereNowResult;
import dev.rollcall.client.PublishResult;
import dev.rollcall.client.SetStateResult;
import dev.rollcall.client.TimeResult;
import dev.rollcall.client.WhereNowResult;
import dev.rollcall.protocol.Timetoken;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answers of the service. Fields that are not known are ignored; a field that is missing and cannot be done without throws
 * IllegalArgumentException.
 */
final class Answers {
    private Answers() {}

    /** Reads the two shapes: one channel at the top level, or any number under {@code payload}. */
    static HereNowResult hereNow(JsonNode answer, List<String> asked) {
        JsonNode payload = answer.path("payload");
        if (!payload.isObject()) {
            if (asked.size() != 1) {
                throw expected("payload", "an object", answer);
            }
            HereNowChannel channel = channel(asked.get(0), answer);
            return new HereNowResult(1, channel.occupancy(), List.of(channel));
        }
        List<HereNowChannel> channels = new ArrayList<>();
        object(payload, "channels").forEachEntry((name, value) -> channels.add(channel(name, value)));
        return new HereNowResult(integer(payload, "total_channels"), integer(payload, "total_occupancy"), channels);
    }

    private static HereNowChannel channel(String name, JsonNode value) {
        List<HereNowOccupant> occupants = new ArrayList<>();
        for (JsonNode occupant : value.path("uuids")) {
            if (occupant.isObject()) {
                occupants.add(new HereNowOccupant(text(occupant, "uuid"), present(occupant.get("state"))));
            } else {
                occupants.add(new HereNowOccupant(occupant.asText(), null));
            }
        }
        return new HereNowChannel(name, integer(value, "occupancy"), occupants);
    }

    static WhereNowResult whereNow(JsonNode answer) {
        return new WhereNowResult(strings(object(answer, "payload"), "channels"));
    }

    static SetStateResult setState(JsonNode answer) {
        return new SetStateResult(object(answer, "payload"));
    }

    /** Reads the two shapes: the state itself for one channel without group, else a map of them. */
    static GetStateResult getState(JsonNode answer, List<String> channels, List<String> groups) {
        JsonNode payload = object(answer, "payload");
        if (channels.size() == 1 && groups.isEmpty()) {
            return new GetStateResult(Map.of(channels.get(0), payload));
        }
        Map<String, JsonNode> states = new LinkedHashMap<>();
        object(payload, "channels").forEachEntry(states::put);
        return new GetStateResult(states);
    }

    static ChannelsResult channelsOfGroup(JsonNode answer) {
        return new ChannelsResult(strings(object(answer, "payload"), "channels"));
    }

    static ChannelGroupsResult channelGroups(JsonNode answer) {
        return new ChannelGroupsResult(strings(object(answer, "payload"), "groups"));
    }

    static TimeResult time(JsonNode answer) {
        return new TimeResult(timetoken(answer.path(0), answer));
    }

    static PublishResult publish(JsonNode answer) {
        return new PublishResult(timetoken(answer.path(2), answer));
    }

    static GrantResult grant(JsonNode answer) {
        return new GrantResult(text(object(answer, "data"), "token"));
    }

    static PollAnswer poll(JsonNode answer) {
        JsonNode cursor = object(answer, "t");
        JsonNode messages = answer.path("m");
        if (!messages.isArray()) {
            throw expected("m", "an array", answer);
        }
        List<JsonNode> envelopes = new ArrayList<>(messages.size());
        messages.forEach(envelopes::add);
        return new PollAnswer(
                timetoken(cursor.path("t"), answer),
                cursor.path("r").asText("0"),
                envelopes,
                answer.path("gap").asBoolean());
    }

    static Acknowledged acknowledged(JsonNode answer) {
        if (!answer.isObject()) {
            throw expected("answer", "an object", answer);
        }
        return new Acknowledged();
    }

    /** Returns a timetoken, which comes as a string or as a number. */
    static Timetoken timetoken(JsonNode value, JsonNode answer) {
        if (!value.isTextual() && !value.isIntegralNumber()) {
            throw expected("timetoken", "digits", answer);
        }
        return Timetoken.parse(value.asText());
    }

    /** Returns null in place of a missing or null value. */
    static @Nullable JsonNode present(@Nullable JsonNode value) {
        return value == null || value.isNull() || value.isMissingNode() ? null : value;
    }

    private static JsonNode object(JsonNode parent, String field) {
        JsonNode value = parent.path(field);
        if (!value.isObject()) {
            throw expected(field, "an object", parent);
        }
        return value;
    }

    private static int integer(JsonNode parent, String field) {
        JsonNode value = parent.path(field);
        if (!value.isIntegralNumber()) {
            throw expected(field, "an integer", parent);
        }
        return value.intValue();
    }

    private static String text(JsonNode parent, String field) {
        JsonNode value = parent.path(field);
        if (!value.isTextual()) {
            throw expected(field, "a string", parent);
        }
        return value.textValue();
    }

    /** Returns the strings of an array; none if it is missing. */
    static List<String> strings(JsonNode parent, String field) {
        List<String> strings = new ArrayList<>();
        for (JsonNode value : parent.path(field)) {
            strings.add(value.asText());
        }
        return strings;
    }

    private static IllegalArgumentException expected(String field, String what, JsonNode answer) {
        String shown = answer.toString();
        return new IllegalArgumentException(field + ": "
                + (shown.length() > 200 ? shown.substring(0, 200) + "…" : shown) + " (expected: " + what + ")");
    }
}

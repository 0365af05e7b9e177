package dev.rollcall.server.emulator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.engine.embedded.roster.Seat;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.InvalidValueException;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.config.KeysetRegistry;
import dev.rollcall.server.emulator.Membership;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads a seed document. What is wrong with it is said with the whole way to it, before anything of it is done. Used by one thread. */
final class SeedReader {
    private static final int VERSION = 1;

    private final KeysetRegistry keysets;
    private final long nowMillis;
    private final List<Seat> seats = new ArrayList<>();
    private final List<Membership> groups = new ArrayList<>();
    private final List<Seed.Post> messages = new ArrayList<>();

    SeedReader(KeysetRegistry keysets, long nowMillis) {
        this.keysets = keysets;
        this.nowMillis = nowMillis;
    }

    Seed read(JsonNode tree) {
        if (!(tree instanceof ObjectNode object)) {
            throw new ApiException(400, "document: not an object", "an object with keysets");
        }
        Members document = new Members("", object);
        if (document.number("version", VERSION, 0, Integer.MAX_VALUE) != VERSION) {
            throw document.wrong("version", Integer.toString(VERSION));
        }
        // What a snapshot says of the clock is for whoever reads it.
        document.moment("now");
        document.text("timetoken");
        boolean isAnnounced = document.flag("announce");
        if (!document.has("keysets")) {
            throw document.wrong("keysets", "an object with what is in each keyset, by subscribe key");
        }
        forEach("keysets", object.get("keysets"), this::readKeyset);
        document.end();
        return new Seed(isAnnounced, seats, groups, messages);
    }

    private void readKeyset(String path, Map.Entry<String, JsonNode> entry) {
        SubscribeKey key = named(path, () -> new SubscribeKey(entry.getKey()));
        if (!keysets.isKnown(key)) {
            throw new ApiException(400, path + ": no such keyset", "a subscribe key of the configuration");
        }
        if (!(entry.getValue() instanceof ObjectNode object)) {
            throw new ApiException(400, path + ": not an object", "channels, groups and messages");
        }
        Members keyset = new Members(path, object);
        if (keyset.has("groups")) {
            forEach(path + ".groups", object.get("groups"), (at, group) -> readGroup(key, at, group));
        }
        if (keyset.has("channels")) {
            forEach(path + ".channels", object.get("channels"), (at, channel) -> readChannel(key, at, channel));
        }
        if (keyset.has("messages")) {
            forEach(path + ".messages", object.get("messages"), (at, channel) -> readMessages(key, at, channel));
        }
        keyset.end();
    }

    private void readGroup(SubscribeKey key, String path, Map.Entry<String, JsonNode> entry) {
        ChannelGroup group = named(path, () -> new ChannelGroup(entry.getKey()));
        List<Channel> channels = new ArrayList<>();
        for (JsonNode name : list(path, entry.getValue(), "a list of channels")) {
            if (!name.isTextual()) {
                throw new ApiException(400, path + ": " + name, "a list of names of channels");
            }
            channels.add(named(path, () -> new Channel(name.textValue())));
        }
        groups.add(new Membership(key, group, channels));
    }

    private void readChannel(SubscribeKey key, String path, Map.Entry<String, JsonNode> entry) {
        Channel channel = named(path, () -> new Channel(entry.getKey()));
        if (channel.isPresence()) {
            throw new ApiException(400, path + ": a presence channel", "the channel itself, in which users are");
        }
        int index = 0;
        for (JsonNode node : list(path, entry.getValue(), "a list of users")) {
            String at = path + '[' + index++ + ']';
            if (node.isTextual()) {
                seats.add(new Seat(key, channel, named(at, () -> new UserId(node.textValue())), null, 0, 0, 0));
                continue;
            }
            seats.add(readSeat(key, channel, members(at, node, "a user id, or an object with one")));
        }
    }

    private Seat readSeat(SubscribeKey key, Channel channel, Members seat) {
        String id = seat.requiredText("user", "a user id");
        UserId user = named("user", () -> new UserId(id));
        Duration timeout = seat.duration("timeout", false);
        if (timeout != null
                && (timeout.toSeconds() < 1
                        || timeout.toSeconds() > Limits.PRESENCE_TIMEOUT_SECONDS
                        || timeout.toMillisPart() != 0)) {
            throw seat.wrong("timeout", "1s to " + Limits.PRESENCE_TIMEOUT_SECONDS + "s, whole seconds");
        }
        Duration left = seat.duration("left", false);
        if (left != null && (left.isZero() || timeout != null && left.compareTo(timeout) > 0)) {
            throw seat.wrong("left", "more than 0, at most the timeout");
        }
        State state = readState(seat);
        long since = readJoined(seat);
        seat.end();
        return new Seat(
                key,
                channel,
                user,
                state,
                timeout == null ? 0 : (int) timeout.toSeconds(),
                left == null ? 0 : left.toMillis(),
                since);
    }

    private static @Nullable State readState(Members seat) {
        ObjectNode state = seat.objectNode("state");
        if (state == null) {
            return null;
        }
        try {
            return State.ofJson(state.toString());
        } catch (InvalidValueException | ProtocolException e) {
            throw seat.wrong("state", "a JSON object that a client could set");
        }
    }

    private long readJoined(Members seat) {
        if (!seat.has("joined")) {
            return 0;
        }
        String text = seat.requiredText("joined", "-5m, or a moment such as 2026-03-01T12:00:00Z");
        Instant moment;
        if (text.startsWith("-")) {
            Duration ago = seat.duration("joined", true);
            moment = ago == null ? null : Instant.ofEpochMilli(nowMillis).plus(ago);
        } else {
            moment = seat.moment("joined");
        }
        if (moment == null
                || moment.isAfter(Instant.ofEpochMilli(nowMillis))
                || moment.isBefore(Instant.ofEpochMilli(1))) {
            throw seat.wrong("joined", "a moment that is over, or how long ago: -5m");
        }
        return moment.toEpochMilli();
    }

    private void readMessages(SubscribeKey key, String path, Map.Entry<String, JsonNode> entry) {
        Channel channel = named(path, () -> new Channel(entry.getKey()));
        int index = 0;
        for (JsonNode node : list(path, entry.getValue(), "a list of messages")) {
            String at = path + '[' + index++ + ']';
            Members message = members(at, node, "an object with data");
            String by = message.text("by");
            UserId publisher = by == null ? null : named(at + ".by", () -> new UserId(by));
            JsonNode data = message.node("data");
            if (data == null) {
                throw message.wrong("data", "what was published, any JSON");
            }
            JsonNode meta = message.objectNode("meta");
            String type = message.text("type");
            message.end();
            messages.add(new Seed.Post(
                    key,
                    channel,
                    new Publication(
                            MessageType.MESSAGE,
                            data.toString().getBytes(UTF_8),
                            meta == null ? null : meta.toString().getBytes(UTF_8),
                            publisher,
                            0,
                            type)));
        }
    }

    private static Members members(String path, JsonNode node, String expected) {
        if (!(node instanceof ObjectNode object)) {
            throw new ApiException(400, path + ": " + node, expected);
        }
        return new Members(path, object);
    }

    private static JsonNode list(String path, JsonNode node, String expected) {
        if (!node.isArray()) {
            throw new ApiException(400, path + ": " + node, expected);
        }
        return node;
    }

    private static void forEach(
            String path, @Nullable JsonNode node, BiConsumer<String, Map.Entry<String, JsonNode>> action) {
        if (!(node instanceof ObjectNode object)) {
            throw new ApiException(400, path + ": " + node, "an object");
        }
        object.properties().forEach(entry -> action.accept(path + '.' + entry.getKey(), entry));
    }

    private static <T> T named(String path, Supplier<T> made) {
        try {
            return made.get();
        } catch (InvalidValueException e) {
            throw ApiException.of(400, path + ": " + e.text(), Map.of());
        }
    }
}

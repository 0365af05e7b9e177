package dev.rollcall.server.route;

import dev.rollcall.engine.Engine;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.InvalidValueException;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.Operation;
import dev.rollcall.server.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages and signals: {@code /publish/{publish key}/{key}/{signature}/{channel}/{callback or 0}/{payload}}, the payload in the body
 * with POST; {@code /v2/publish/…} the same, POST only; {@code /signal/…} the same. Refusals are arrays as answers are.
 */
final class PublishRoute {
    private static final int MAX_CUSTOM_TYPE = 50;
    private static final int MIN_CUSTOM_TYPE = 3;
    private static final String GET = "GET";
    private static final String POST = "POST";

    private final Gateway gateway;

    PublishRoute(Gateway gateway) {
        this.gateway = gateway;
    }

    void servePublish(Call call) {
        serve(call, 1, Operation.PUBLISH, MessageType.MESSAGE, Limits.MESSAGE_BYTES);
    }

    void serveSignal(Call call) {
        serve(call, 1, Operation.SIGNAL, MessageType.SIGNAL, Limits.MESSAGE_BYTES);
    }

    void servePost(Call call) {
        if (call.path.size() >= 6 && !call.request.method().equals(POST)) {
            call.is(Operation.PUBLISH);
            throw new MethodNotAllowedException(POST);
        }
        serve(call, 2, Operation.PUBLISH, MessageType.MESSAGE, Limits.BODY_BYTES);
    }

    /** Serves a path whose publish key is segment {@code first} and whose messages have at most {@code most} bytes, unless the keyset differs. */
    private void serve(Call call, int first, Operation operation, MessageType type, int most) {
        Path path = call.path;
        if (path.size() < first + 4) {
            throw Router.notFound();
        }
        call.is(operation);
        Request request = call.request;
        if (!request.method().equals(GET) && !request.method().equals(POST)) {
            throw new MethodNotAllowedException(GET + ", " + POST);
        }
        call.wrapIn(path.segment(first + 4));
        SubscribeKey key = gateway.key(call, first + 1);
        gateway.requirePublishKey(key, path.segment(first));
        Channel channel = channel(path.segment(first + 3));
        gateway.admit(call, key, List.of(channel), List.of(), call.user());
        Integer configured = gateway.maxMessage(key);
        byte[] payload = payload(request, path, first + 5, configured == null ? most : configured);
        if (type == MessageType.SIGNAL && payload.length > Limits.SIGNAL_BYTES) {
            throw new InvalidValueException("Signal size too large");
        }
        Query query = call.query;
        var publication = new Publication(
                type,
                payload,
                meta(query.text("meta")),
                call.user(),
                sequence(query.text("seqn")),
                customType(query.text("custom_message_type")));
        Engine engine = gateway.engine();
        // A fired message is for functions on the way only; nobody who subscribes gets it.
        boolean fired = query.isOn("norep");
        call.respondWhen(
                fired ? engine.timetoken() : engine.publish(key, channel, publication),
                timetoken -> Replies.feed(Replies.sent(timetoken)));
    }

    private static Channel channel(String name) {
        if (name.indexOf(',') >= 0) {
            throw invalidCharacter(name, "no comma");
        }
        Channel channel = new Channel(name);
        if (channel.base().isWildcard()) {
            throw invalidCharacter(name, "no wildcard");
        }
        if (channel.isPresence()) {
            throw new InvalidValueException("channel: " + name + " (expected: no presence channel)");
        }
        return channel;
    }

    /** Begins as clients of the protocol know it: one of them tells this error from others by these very words. */
    private static InvalidValueException invalidCharacter(String name, String expected) {
        return new InvalidValueException(
                "Invalid Character in Channel Name: " + Shown.shorten(name) + " (expected: " + expected + ")");
    }

    private static byte[] payload(Request request, Path path, int index, int most) {
        String json;
        if (request.body().length > 0) {
            requireSize(request.body().length, most);
            json = Json.text(request.body());
        } else {
            json = path.rest(index);
        }
        if (json == null || !Json.isValid(json)) {
            throw new InvalidValueException("Invalid JSON");
        }
        String trimmed = json.strip();
        if (trimmed.equals("null")) {
            // Clients of the protocol stop reading where a payload is null.
            throw new InvalidValueException("payload: null (expected: any other JSON)");
        }
        byte[] payload = trimmed.getBytes(StandardCharsets.UTF_8);
        requireSize(payload.length, most);
        return payload;
    }

    private static void requireSize(int bytes, int most) {
        if (bytes > most) {
            throw new ProtocolException(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    ErrorCode.MESSAGE_TOO_LARGE.text() + ": " + bytes + " bytes (expected: at most " + most
                            + ", max-message)");
        }
    }

    private static byte @Nullable [] meta(@Nullable String json) {
        if (json == null) {
            return null;
        }
        if (!Json.isValid(json)) {
            throw new InvalidValueException("meta: not JSON (expected: a JSON object)");
        }
        return json.strip().getBytes(StandardCharsets.UTF_8);
    }

    private static int sequence(@Nullable String text) {
        if (text == null || text.length() > 9) {
            return 0;
        }
        int sequence = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            sequence = sequence * 10 + digit;
        }
        return sequence;
    }

    private static @Nullable String customType(@Nullable String type) {
        if (type == null) {
            return null;
        }
        int length = type.codePointCount(0, type.length());
        boolean reserved =
                type.startsWith("-") || type.startsWith("_") || type.startsWith("pn_") || type.startsWith("pn-");
        boolean valid = length >= MIN_CUSTOM_TYPE
                && length <= MAX_CUSTOM_TYPE
                && !reserved
                && type.codePoints().allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_');
        if (!valid) {
            throw new InvalidValueException(
                    "custom_message_type: " + Shown.shorten(type) + " (expected: " + MIN_CUSTOM_TYPE + ".."
                            + MAX_CUSTOM_TYPE + " letters, digits or - _, not beginning with - _ pn- pn_)");
        }
        return type;
    }
}

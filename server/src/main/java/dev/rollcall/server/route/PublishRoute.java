package dev.rollcall.server.route;

import dev.rollcall.engine.Engine;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.MessageType;
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
        serve(call, 1, Operation.PUBLISH, MessageType.MESSAGE);
    }

    void serveSignal(Call call) {
        serve(call, 1, Operation.SIGNAL, MessageType.SIGNAL);
    }

    void servePost(Call call) {
        if (call.path.size() >= 6 && !call.request.method().equals(POST)) {
            call.is(Operation.PUBLISH);
            throw new MethodNotAllowedException(POST);
        }
        serve(call, 2, Operation.PUBLISH, MessageType.MESSAGE);
    }

    /** Serves a path whose publish key is segment {@code first}. */
    private void serve(Call call, int first, Operation operation, MessageType type) {
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
        byte[] payload = payload(request, path, first + 5);
        if (type == MessageType.SIGNAL && payload.length > Limits.SIGNAL_BYTES) {
            throw new IllegalArgumentException("Signal size too large");
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
        Channel channel = new Channel(name);
        if (channel.isPresence() || channel.isWildcard()) {
            throw new IllegalArgumentException("channel: " + name + " (expected: no presence channel and no wildcard)");
        }
        return channel;
    }

    private static byte[] payload(Request request, Path path, int index) {
        String json;
        if (request.body().length > 0) {
            json = Json.text(request.body());
        } else {
            json = path.rest(index);
        }
        if (json == null || !Json.isValid(json)) {
            throw new IllegalArgumentException("Invalid JSON");
        }
        String trimmed = json.strip();
        if (trimmed.equals("null")) {
            // Clients of the protocol stop reading where a payload is null.
            throw new IllegalArgumentException("payload: null (expected: any other JSON)");
        }
        return trimmed.getBytes(StandardCharsets.UTF_8);
    }

    private static byte @Nullable [] meta(@Nullable String json) {
        if (json == null) {
            return null;
        }
        if (!Json.isValid(json)) {
            throw new IllegalArgumentException("meta: not JSON (expected: a JSON object)");
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
        boolean valid = type.length() >= MIN_CUSTOM_TYPE && type.length() <= MAX_CUSTOM_TYPE;
        for (int i = 0; i < type.length() && valid; i++) {
            char c = type.charAt(i);
            valid = Character.isLetterOrDigit(c) || c == '-' || c == '_';
        }
        if (!valid) {
            throw new IllegalArgumentException("custom_message_type: " + type + " (expected: " + MIN_CUSTOM_TYPE + ".."
                    + MAX_CUSTOM_TYPE + " letters, digits or - _)");
        }
        return type;
    }
}

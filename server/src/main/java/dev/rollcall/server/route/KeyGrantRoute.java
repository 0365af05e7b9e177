package dev.rollcall.server.route;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.InvalidValueException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.access.AccessReply;
import dev.rollcall.server.access.KeyGrantRequest;
import dev.rollcall.server.access.KeyGrants;
import dev.rollcall.server.access.Operation;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.Response.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rights of everybody or of an auth key: {@code /v2/auth/grant/sub-key/{key}} gives and takes them, {@code audit} tells of them. */
final class KeyGrantRoute implements Route {
    private static final int ACTION = 2;
    private static final int KEY = 4;
    private static final int MAX_AUTH_LENGTH = 512;

    private final Gateway gateway;
    private final KeyGrants grants;

    KeyGrantRoute(Gateway gateway, KeyGrants grants) {
        this.gateway = gateway;
        this.grants = grants;
    }

    @Override
    public void serve(Call call) {
        Path path = call.path;
        boolean audit = path.is(ACTION, "audit");
        if (!audit && !path.is(ACTION, "grant") || !path.is(3, "sub-key") || path.size() != KEY + 1) {
            throw Router.notFound();
        }
        call.is(audit ? Operation.AUDIT : Operation.GRANT);
        call.requireGet();
        call.wrapIn(call.query.get("callback"));
        SubscribeKey key = gateway.key(call, KEY);
        KeyGrantRequest request = request(call.query, audit);
        if (audit) {
            call.respond(response(grants.audit(key, request, call.signedParts())));
        } else {
            call.respondWhen(grants.grant(key, request, call.signedParts()), KeyGrantRoute::response);
        }
    }

    static Response response(AccessReply reply) {
        return new Response(reply.status(), Kind.ACCESS_MANAGER, reply.body());
    }

    private static KeyGrantRequest request(Query query, boolean audit) {
        List<String> auths = query.names("auth");
        for (String auth : auths) {
            if (auth.length() > MAX_AUTH_LENGTH) {
                // It lets somebody in, so the message does not repeat it.
                throw new InvalidValueException(
                        "auth length: " + auth.length() + " (expected: 1.." + MAX_AUTH_LENGTH + " characters)");
            }
        }
        return new KeyGrantRequest(
                query.names("channel").stream()
                        .map(name -> new Channel(name).name())
                        .toList(),
                query.names("channel-group").stream().map(KeyGrantRoute::group).toList(),
                query.names("target-uuid").stream()
                        .map(name -> new UserId(name).value())
                        .toList(),
                auths,
                KeyGrantRequest.maskOf(query::isOn),
                audit ? 0 : ttl(query.text("ttl")));
    }

    private static String group(String name) {
        // A leading colon is the empty namespace.
        return new ChannelGroup(name.startsWith(":") ? name.substring(1) : name).name();
    }

    private static int ttl(@Nullable String text) {
        // The Java SDK says -1 when it is told nothing.
        if (text == null || text.equals("-1")) {
            return KeyGrantRequest.DEFAULT_TTL_MINUTES;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new InvalidValueException(
                    "ttl: not a number (expected: 0.." + KeyGrantRequest.MAX_TTL_MINUTES + " minutes)");
        }
    }
}

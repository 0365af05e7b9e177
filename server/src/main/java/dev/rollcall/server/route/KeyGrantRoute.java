package dev.rollcall.server.route;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.InvalidValueException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.access.KeyGrants;
import dev.rollcall.server.access.Operation;
import dev.rollcall.server.access.grant.AccessReply;
import dev.rollcall.server.access.grant.KeyGrantRequest;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.Response.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Rights of everybody or of an auth key: {@code /v2/auth/grant/sub-key/{key}} gives and takes them, {@code audit} tells of them. */
final class KeyGrantRoute implements Route {
    private static final int ACTION = 2;
    private static final int KEY = 4;
    private static final int MAX_AUTH_LENGTH = 512;

    private static final List<String> FLAGS = List.of("r", "w", "m", "d", "g", "u", "j", "ttl");
    private static final Pattern TTL = Pattern.compile("-?[0-9]{1,9}");
    private static final List<String> LISTS = List.of("channel", "channel-group", "target-uuid", "auth");

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

    /** Refuses a list with an empty name or one that is there twice: a grant to fewer names, or to no name, is one to more than was meant. */
    private static void requireNames(Query query, String list) {
        requireOnce(query, list);
        String names = query.get(list);
        if (names != null && Arrays.asList(names.split(",", -1)).contains("")) {
            // Auth keys let somebody in, so the message does not repeat them.
            throw new InvalidValueException(
                    list + ": an empty name (expected: names separated by commas, or no such parameter)");
        }
    }

    private static void requireOnce(Query query, String name) {
        int count = query.count(name);
        if (count > 1) {
            throw new InvalidValueException(name + ": " + count + " times (expected: once)");
        }
    }

    static Response response(AccessReply reply) {
        return new Response(reply.status(), Kind.ACCESS_MANAGER, reply.body());
    }

    private static KeyGrantRequest request(Query query, boolean audit) {
        LISTS.forEach(list -> requireNames(query, list));
        FLAGS.forEach(flag -> requireOnce(query, flag));
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
        // Nine digits are more than enough, and cannot overflow; a number below zero is named when it is checked.
        if (!TTL.matcher(text).matches()) {
            String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
            throw new InvalidValueException(
                    "ttl: " + shown + " (expected: 0.." + KeyGrantRequest.MAX_TTL_MINUTES + " minutes)");
        }
        return Integer.parseInt(text);
    }
}

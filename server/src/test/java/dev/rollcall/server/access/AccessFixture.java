package dev.rollcall.server.access;

import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An Access Manager on a manual clock, and whoever holds the secret key. */
abstract class AccessFixture {
    static final SubscribeKey KEY = new SubscribeKey("sub");
    static final SubscribeKey OFF = new SubscribeKey("sub-off");
    static final String SECRET = "sec-0123456789abcdef";

    final ManualTime time = new ManualTime();
    final AccessKeyset keyset = AccessKeyset.of(KEY, "pub", SECRET);
    final MemoryGrantStore store = new MemoryGrantStore();
    final RequestSigner signer = new RequestSigner("pub", SECRET);
    final AccessControl access = new AccessControl(key -> key.equals(KEY) ? keyset : null, store, time::epochMillis);

    long now() {
        return time.epochMillis() / 1000;
    }

    static List<Channel> channels(String... names) {
        return Arrays.stream(names).map(Channel::new).toList();
    }

    static List<ChannelGroup> groups(String... names) {
        return Arrays.stream(names).map(ChannelGroup::new).toList();
    }

    static SignedRequest parts(String method, String target, String body) {
        int question = target.indexOf('?');
        return new SignedRequest(
                method,
                question < 0 ? target : target.substring(0, question),
                question < 0 ? null : target.substring(question + 1),
                body.getBytes(StandardCharsets.UTF_8));
    }

    SignedRequest signed(String method, String path, Map<String, String> parameters, String body) {
        return parts(method, signer.sign(method, path, parameters, body, now()), body);
    }

    @Nullable
    Refusal check(
            Operation operation,
            List<Channel> channels,
            List<ChannelGroup> groups,
            @Nullable String user,
            @Nullable String credential) {
        UserId id = user == null ? null : new UserId(user);
        return access.check(new AccessRequest(KEY, operation, channels, groups, id, credential));
    }

    /** Returns a token of the body {@code {"ttl":60,"permissions":…}}. */
    String token(String permissions) {
        return granted("{\"ttl\":60,\"permissions\":" + permissions + "}");
    }

    String granted(String body) {
        String answer = text(grantToken(body));
        int start = answer.indexOf("\"token\":\"") + 9;
        return answer.substring(start, answer.indexOf('"', start));
    }

    AccessReply grantToken(String body) {
        return access.tokenGrants().grant(KEY, signed("POST", "/v3/pam/sub/grant", Map.of(), body));
    }

    AccessReply revoke(String token) {
        String path = "/v3/pam/sub/grant/" + RequestSigner.encode(token);
        return access.tokenGrants()
                .revoke(KEY, token, signed("DELETE", path, Map.of(), ""))
                .toCompletableFuture()
                .join();
    }

    static String text(AccessReply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }
}

package dev.rollcall.server.access;

import dev.rollcall.engine.contract.ManualTime;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.access.grant.AccessReply;
import dev.rollcall.server.access.grant.MemoryGrantStore;
import dev.rollcall.server.access.key.AccessKeyset;
import dev.rollcall.server.access.key.AccessKeysets;
import dev.rollcall.server.access.signature.RequestSigner;
import dev.rollcall.server.access.signature.SignedRequest;
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
    final MemoryBudget memory = new MemoryBudget(1 << 20);
    final MemoryGrantStore store = new MemoryGrantStore(memory);
    final RequestSigner signer = new RequestSigner("pub", SECRET);
    final FixtureKeysets keysets = new FixtureKeysets(keyset);
    final AccessControl access = new AccessControl(keysets, store, time::epochMillis, Runnable::run);

    /** {@link #KEY} with the Access Manager on until it is changed, and every other key without. */
    static final class FixtureKeysets implements AccessKeysets {
        private @Nullable AccessKeyset keyset;
        private boolean isKnown = true;
        private Runnable changed = () -> {};

        FixtureKeysets(AccessKeyset keyset) {
            this.keyset = keyset;
        }

        /** Puts another in place of {@link #KEY}, null to switch the Access Manager off. */
        void replace(@Nullable AccessKeyset other) {
            keyset = other;
            changed.run();
        }

        /** Removes {@link #KEY}. */
        void remove() {
            isKnown = false;
            replace(null);
        }

        @Override
        public @Nullable AccessKeyset access(SubscribeKey key) {
            return key.equals(KEY) ? keyset : null;
        }

        @Override
        public boolean isKnown(SubscribeKey key) {
            return isKnown || !key.equals(KEY);
        }

        @Override
        public boolean mayChange() {
            return true;
        }

        @Override
        public void onChange(Runnable action) {
            changed = action;
        }
    }

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
        return access.decide(new AccessRequest(KEY, operation, channels, groups, id, credential))
                .refusal();
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

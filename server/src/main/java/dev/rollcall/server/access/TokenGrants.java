package dev.rollcall.server.access;

import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * Grants of version 3: tokens, which carry their rights themselves; the server keeps nothing but which ones were revoked (PubNub wire
 * protocol, Access Manager version 3). Only requests signed with the secret key may grant and revoke. Safe from any thread.
 */
public final class TokenGrants {
    private static final String GRANT = "grant";
    private static final String REVOKE = "revoke";

    private final AccessKeysets keysets;
    private final GrantStore store;
    private final Tokens tokens;
    private final Standing standing;
    private final LongSupplier nowSeconds;

    TokenGrants(AccessKeysets keysets, GrantStore store, Tokens tokens, Standing standing, LongSupplier nowSeconds) {
        this.standing = standing;
        this.keysets = keysets;
        this.store = store;
        this.tokens = tokens;
        this.nowSeconds = nowSeconds;
    }

    /**
     * Returns the token that the body of {@code signed} asks for, or what is wrong with it.
     *
     * @throws ProtocolException if the signature is wrong
     */
    public AccessReply grant(SubscribeKey key, SignedRequest signed) {
        AccessKeyset keyset = keysets.access(key);
        if (keyset == null) {
            return off(GRANT);
        }
        long now = nowSeconds.getAsLong();
        KeyGrants.requireSigned(keyset, signed, now);
        String token;
        try {
            token = Tokens.seal(keyset, TokenGrantReader.read(signed.body(), now));
        } catch (InvalidGrantException e) {
            return error(String.valueOf(e.getMessage()), GRANT, e.detail(), e.location(), "body");
        }
        if (token.length() > Tokens.MAX_LENGTH) {
            String detail =
                    "The token would have " + token.length() + " characters, more than " + Tokens.MAX_LENGTH + '.';
            return error("Grant too large", GRANT, detail, "permissions", "body");
        }
        JsonWriter out = new JsonWriter(token.length() + 100);
        out.raw("{\"data\":{\"message\":\"Success\",\"token\":").string(token);
        return end(200, out.raw('}'));
    }

    /**
     * Revokes a token, which may have been revoked before. The stage is complete once no poll waits with it any more.
     *
     * @throws ProtocolException if the signature is wrong
     */
    public CompletionStage<AccessReply> revoke(SubscribeKey key, String text, SignedRequest signed) {
        AccessKeyset keyset = keysets.access(key);
        if (keyset == null) {
            return CompletableFuture.completedFuture(off(REVOKE));
        }
        long now = nowSeconds.getAsLong();
        KeyGrants.requireSigned(keyset, signed, now);
        VerifiedToken token = tokens.open(keyset, text);
        if (token == null || token.isExpired(now)) {
            String detail = token == null ? "Token is not one of this keyset." : "Token is expired.";
            return CompletableFuture.completedFuture(error("Invalid token", REVOKE, detail, "token", "path"));
        }
        return store.revoke(key, token.id(), token.token().expiresSeconds())
                .thenCompose(done -> standing.settled())
                .thenApply(settled -> revoked());
    }

    private static AccessReply revoked() {
        return end(200, new JsonWriter(96).raw("{\"data\":{\"message\":\"Success\"}"));
    }

    private static AccessReply off(String source) {
        return error("Access Manager is not enabled for this subscribe key", source, "", "", "");
    }

    private static AccessReply error(
            String message, String source, String detail, String location, String locationType) {
        JsonWriter out = new JsonWriter(256);
        out.raw("{\"error\":{\"message\":").string(message).raw(",\"source\":").string(source);
        out.raw(",\"details\":[");
        if (!detail.isEmpty()) {
            out.raw("{\"message\":").string(detail);
            if (!location.isEmpty()) {
                out.raw(",\"location\":")
                        .string(location)
                        .raw(",\"locationType\":")
                        .string(locationType);
            }
            out.raw('}');
        }
        return end(400, out.raw("]}"));
    }

    private static AccessReply end(int status, JsonWriter out) {
        out.raw(",\"service\":\"Access Manager\",\"status\":").number(status).raw("}\n");
        return new AccessReply(status, out.toByteArray());
    }
}

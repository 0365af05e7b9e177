package dev.rollcall.server.access;

import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.GrantKey.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Grants of version 2: rights of everybody, or of whoever says an auth key, kept by the server (PubNub wire protocol, Access Manager
 * version 2). Only requests signed with the secret key may grant and audit. Safe from any thread.
 */
public final class KeyGrants {
    private final AccessKeysets keysets;
    private final GrantStore store;
    private final Standing standing;
    private final LongSupplier nowSeconds;

    KeyGrants(AccessKeysets keysets, GrantStore store, Standing standing, LongSupplier nowSeconds) {
        this.keysets = keysets;
        this.store = store;
        this.standing = standing;
        this.nowSeconds = nowSeconds;
    }

    /**
     * Grants, or with no right at all revokes. The stage is complete once no poll waits any more that has lost its right by it.
     *
     * @throws ProtocolException if the signature is wrong, or the grant names auth keys and nothing else
     */
    public CompletionStage<AccessReply> grant(SubscribeKey key, KeyGrantRequest request, SignedRequest signed) {
        long now = nowSeconds.getAsLong();
        AccessKeyset keyset = check(key, signed, now);
        String level = level(request);
        List<KeyGrant> grants = grants(key, request, now);
        AccessReply reply = KeyGrantReply.ofGrant(key, level, request, grants, keyset == null);
        if (keyset == null) {
            return CompletableFuture.completedFuture(reply);
        }
        return store.save(grants).thenCompose(saved -> standing.settled()).thenApply(settled -> reply);
    }

    /**
     * Tells what is granted.
     *
     * @throws ProtocolException if the signature is wrong, or the audit names auth keys and nothing else
     */
    public AccessReply audit(SubscribeKey key, KeyGrantRequest request, SignedRequest signed) {
        long now = nowSeconds.getAsLong();
        AccessKeyset keyset = check(key, signed, now);
        String level = level(request);
        List<KeyGrant> found = new ArrayList<>();
        for (KeyGrant grant : keyset == null ? List.<KeyGrant>of() : store.grants(key)) {
            if (!grant.isExpired(now) && isAbout(request, grant.key())) {
                found.add(grant);
            }
        }
        return KeyGrantReply.ofAudit(key, level, request, found, now, keyset == null);
    }

    private @Nullable AccessKeyset check(SubscribeKey key, SignedRequest signed, long now) {
        AccessKeyset keyset = keysets.access(key);
        if (keyset != null) {
            requireSigned(keyset, signed, now);
        }
        return keyset;
    }

    /** Refuses a request that is not signed with the secret key. */
    static void requireSigned(AccessKeyset keyset, SignedRequest signed, long now) {
        switch (Signatures.check(keyset, signed, now)) {
            case VALID -> {}
            case INVALID_TIMESTAMP -> throw new ProtocolException(ErrorCode.INVALID_TIMESTAMP);
            case INVALID_SIGNATURE -> throw new ProtocolException(ErrorCode.INVALID_SIGNATURE);
        }
    }

    private static String level(KeyGrantRequest request) {
        String level = request.level();
        if (level == null) {
            throw new ProtocolException(ErrorCode.INVALID_GRANT, "Auth-only grants are reserved for future use");
        }
        return level;
    }

    private static List<KeyGrant> grants(SubscribeKey key, KeyGrantRequest request, long now) {
        long expires = request.expiresSeconds(now);
        List<KeyGrant> grants = new ArrayList<>();
        if (request.channels().isEmpty()
                && request.groups().isEmpty()
                && request.users().isEmpty()) {
            grants.add(new KeyGrant(new GrantKey(key, Kind.KEYSET, "", ""), request.mask(), expires));
        }
        List<String> auths = request.auths().isEmpty() ? List.of("") : request.auths();
        for (Kind kind : Kind.values()) {
            for (String name : names(request, kind)) {
                for (String auth : auths) {
                    grants.add(new KeyGrant(new GrantKey(key, kind, name, auth), request.mask(), expires));
                }
            }
        }
        return grants;
    }

    private static boolean isAbout(KeyGrantRequest request, GrantKey key) {
        if ("subkey".equals(request.level())) {
            return true;
        }
        return names(request, key.kind()).contains(key.name())
                && (request.auths().isEmpty() || request.auths().contains(key.auth()));
    }

    private static List<String> names(KeyGrantRequest request, Kind kind) {
        return switch (kind) {
            case KEYSET -> List.of();
            case CHANNEL -> request.channels();
            case GROUP -> request.groups();
            case USER -> request.users();
        };
    }
}

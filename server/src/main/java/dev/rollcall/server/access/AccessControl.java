package dev.rollcall.server.access;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.redis.RedisOptions;
import dev.rollcall.engine.redis.ScriptListener;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.server.access.Refusal.Reason;
import dev.rollcall.server.store.DataDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The Access Manager: lets pass what a signature, a token or a grant allows, in keysets that have it on. Every operation needs one right
 * on each name, or none (PubNub wire protocol, rights per call). Safe from any thread; never blocks.
 */
public final class AccessControl implements AccessGate, AutoCloseable {
    private final AccessKeysets keysets;
    private final GrantStore store;
    private final LongSupplier nowSeconds;
    private final Tokens tokens = new Tokens();
    private final RevocationWatch watch = new RevocationWatch();
    private final KeyGrants keyGrants;
    private final TokenGrants tokenGrants;

    AccessControl(AccessKeysets keysets, GrantStore store, LongSupplier epochMillis) {
        this.keysets = keysets;
        this.store = store;
        nowSeconds = () -> Math.floorDiv(epochMillis.getAsLong(), 1000L);
        store.onRevoked(watch::revoked);
        keyGrants = new KeyGrants(keysets, store, nowSeconds);
        tokenGrants = new TokenGrants(keysets, store, tokens, watch, nowSeconds);
    }

    /** Makes an Access Manager whose grants and revocations end with the process. */
    public static AccessControl inMemory(AccessKeysets keysets, LongSupplier epochMillis) {
        return new AccessControl(keysets, new MemoryGrantStore(), epochMillis);
    }

    /**
     * Makes an Access Manager whose grants and revocations outlive the process.
     *
     * @throws java.io.UncheckedIOException if what is kept there cannot be read
     */
    public static AccessControl durable(AccessKeysets keysets, DataDirectory directory, LongSupplier epochMillis) {
        return new AccessControl(keysets, DurableGrantStore.open(directory), epochMillis);
    }

    /**
     * Makes an Access Manager whose grants and revocations are in Redis, for all nodes there.
     *
     * @throws java.io.UncheckedIOException if Redis cannot be reached
     */
    public static AccessControl shared(
            AccessKeysets keysets, RedisOptions options, EngineTime time, ScriptListener scripts) {
        return new AccessControl(keysets, RedisGrantStore.open(options, time, scripts), time::epochMillis);
    }

    /** Returns the grants of version 2. */
    public KeyGrants keyGrants() {
        return keyGrants;
    }

    /** Returns the grants of version 3. */
    public TokenGrants tokenGrants() {
        return tokenGrants;
    }

    /** Forgets what has expired; to be called now and then. */
    public void purge() {
        store.purge(nowSeconds.getAsLong());
    }

    /** Lets go of where grants are kept; checks go on. */
    @Override
    public void close() {
        store.close();
    }

    @Override
    public @Nullable Refusal check(AccessRequest request) {
        Right right = request.operation().right();
        AccessKeyset keyset = right == null ? null : keysets.access(request.key());
        if (right == null || keyset == null) {
            return null;
        }
        long now = nowSeconds.getAsLong();
        Reason reason = Reason.FORBIDDEN;
        SignedRequest signed = request.signed();
        if (signed != null) {
            switch (Signatures.check(keyset, signed, now)) {
                case VALID -> {
                    return null;
                }
                case INVALID_TIMESTAMP -> reason = Reason.INVALID_TIMESTAMP;
                case INVALID_SIGNATURE -> reason = Reason.INVALID_SIGNATURE;
            }
        }
        String credential = request.credential();
        if (credential == null) {
            return missing(request, right, new Credentials(store, keyset.key(), now, null, ""), reason);
        }
        if (!Tokens.isToken(credential)) {
            Credentials credentials = new Credentials(store, keyset.key(), now, null, credential);
            return missing(request, right, credentials, Reason.FORBIDDEN);
        }
        VerifiedToken token = tokens.open(keyset, credential);
        Refusal useless = refuseToken(request, token, now);
        if (useless != null || token == null) {
            return useless;
        }
        return missing(request, right, new Credentials(store, keyset.key(), now, token, ""), Reason.FORBIDDEN);
    }

    @Override
    public @Nullable Runnable whenRevoked(AccessRequest request, Consumer<Refusal> action) {
        String credential = request.credential();
        if (credential == null || request.signed() != null || !Tokens.isToken(credential)) {
            return null;
        }
        AccessKeyset keyset = keysets.access(request.key());
        VerifiedToken token = keyset == null ? null : tokens.open(keyset, credential);
        if (token == null) {
            return null;
        }
        Runnable unwatch = watch.watch(token.id(), () -> action.accept(refuseAll(Reason.TOKEN_REVOKED, request)));
        if (store.isRevoked(token.id())) {
            // between the check and now
            watch.revoked(token.id());
        }
        return unwatch;
    }

    /** Returns the number of tokens that polls wait with. */
    int watchedTokens() {
        return watch.size();
    }

    /** Returns why the token is good for nothing, or null if it is good for something. */
    private @Nullable Refusal refuseToken(AccessRequest request, @Nullable VerifiedToken token, long now) {
        if (token == null
                || !token.isFor(request.user() == null ? null : request.user().value())) {
            return new Refusal(request.channels(), request.groups());
        }
        if (store.isRevoked(token.id())) {
            return refuseAll(Reason.TOKEN_REVOKED, request);
        }
        return token.isExpired(now) ? refuseAll(Reason.TOKEN_EXPIRED, request) : null;
    }

    private static Refusal refuseAll(Reason reason, AccessRequest request) {
        // Recorded bodies name nothing. But a Java client whose poll is refused without names polls again at once, for
        // ever.
        return request.operation() == Operation.SUBSCRIBE
                ? new Refusal(reason, request.channels(), request.groups())
                : new Refusal(reason, List.of(), List.of());
    }

    /** Returns a refusal of the names on which the right is missing, or null if it is missing nowhere. */
    private static @Nullable Refusal missing(
            AccessRequest request, Right right, Credentials credentials, Reason reason) {
        List<Channel> channels = request.channels();
        List<ChannelGroup> groups = request.groups();
        if (channels.isEmpty() && groups.isEmpty()) {
            boolean allowed = request.operation() == Operation.HERE_NOW
                    ? credentials.allowsEveryChannel(right)
                    : credentials.allowsEveryGroup(right);
            return allowed ? null : new Refusal(reason, List.of(), List.of());
        }
        List<Channel> noChannels = except(channels, channel -> credentials.allows(channel, right));
        List<ChannelGroup> noGroups = except(groups, group -> credentials.allows(group, right));
        return noChannels.isEmpty() && noGroups.isEmpty() ? null : new Refusal(reason, noChannels, noGroups);
    }

    private static <T> List<T> except(List<T> names, Predicate<T> isAllowed) {
        List<T> refused = List.of();
        for (T name : names) {
            if (!isAllowed.test(name)) {
                if (refused.isEmpty()) {
                    refused = new ArrayList<>();
                }
                refused.add(name);
            }
        }
        return refused;
    }
}

package dev.rollcall.server.access;

import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.server.access.Decision.Ground;
import dev.rollcall.server.access.Refusal.Reason;
import dev.rollcall.server.access.grant.DurableGrantStore;
import dev.rollcall.server.access.grant.GrantKey;
import dev.rollcall.server.access.grant.GrantStore;
import dev.rollcall.server.access.grant.MemoryGrantStore;
import dev.rollcall.server.access.grant.RedisGrantStore;
import dev.rollcall.server.access.key.AccessKeyset;
import dev.rollcall.server.access.key.AccessKeysets;
import dev.rollcall.server.access.key.Right;
import dev.rollcall.server.access.signature.Signatures;
import dev.rollcall.server.access.signature.SignedRequest;
import dev.rollcall.server.access.token.Tokens;
import dev.rollcall.server.access.token.VerifiedToken;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The Access Manager: lets pass what a signature, a token or a grant allows, in keysets that have it on. Every operation needs one right
 * on each name, or none (PubNub wire protocol, rights per call). The one place that says what a request stands on. Safe from any thread;
 * never blocks.
 */
public final class AccessControl implements AccessGate, AutoCloseable {
    private static final long PURGE_SECONDS = 60;

    private final AccessKeysets keysets;
    private final GrantStore store;
    private final LongSupplier nowSeconds;

    /** The time by the clocks of clients, which sign with it: that of the server, unless somebody moves the server's alone. */
    private final LongSupplier clientSeconds;

    private final Tokens tokens = new Tokens();
    private final Standing standing;
    private final KeyGrants keyGrants;
    private final TokenGrants tokenGrants;
    private final AtomicLong purgedSeconds;

    AccessControl(AccessKeysets keysets, GrantStore store, LongSupplier epochMillis, Executor executor) {
        this(keysets, store, epochMillis, epochMillis, executor);
    }

    private AccessControl(
            AccessKeysets keysets,
            GrantStore store,
            LongSupplier epochMillis,
            LongSupplier clientMillis,
            Executor executor) {
        clientSeconds = () -> Math.floorDiv(clientMillis.getAsLong(), 1000L);
        this.keysets = keysets;
        this.store = store;
        nowSeconds = () -> Math.floorDiv(epochMillis.getAsLong(), 1000L);
        purgedSeconds = new AtomicLong(nowSeconds.getAsLong());
        standing = new Standing(this::decideAgain, executor, nowSeconds);
        store.onLoss(new GrantStore.LossListener() {
            @Override
            public void onRevoked(String tokenId) {
                standing.changed(tokenId);
            }

            @Override
            public void onNarrowed(GrantKey key) {
                if (key.auth().isEmpty()) {
                    standing.changed(key.key());
                } else {
                    standing.changed(new Standing.AuthKey(key.key(), key.auth()));
                }
            }
        });
        keysets.onChange(standing::changedAll);
        keyGrants = new KeyGrants(keysets, store, standing, nowSeconds);
        tokenGrants = new TokenGrants(keysets, store, tokens, standing, nowSeconds);
    }

    /** Makes an Access Manager whose grants and revocations end with the process; {@code executor} does one thing after the other. */
    public static AccessControl inMemory(
            AccessKeysets keysets, MemoryBudget memory, LongSupplier epochMillis, Executor executor) {
        return new AccessControl(keysets, new MemoryGrantStore(memory), epochMillis, executor);
    }

    /**
     * Makes an Access Manager in memory for a server whose clock is moved.
     *
     * @param epochMillis the clock of the server
     * @param clientMillis the clock that clients sign by
     */
    public static AccessControl emulated(
            AccessKeysets keysets,
            MemoryBudget memory,
            LongSupplier epochMillis,
            LongSupplier clientMillis,
            Executor executor) {
        return new AccessControl(keysets, new MemoryGrantStore(memory), epochMillis, clientMillis, executor);
    }

    /** Makes an Access Manager whose grants and revocations outlive the process. */
    public static AccessControl durable(
            AccessKeysets keysets, DurableGrantStore store, LongSupplier epochMillis, Executor executor) {
        return new AccessControl(keysets, store, epochMillis, executor);
    }

    /** Makes an Access Manager whose grants and revocations are in Redis, for all nodes there; it goes by the clock of Redis. */
    public static AccessControl shared(AccessKeysets keysets, RedisGrantStore store, Executor executor) {
        return new AccessControl(keysets, store, store::epochMillis, executor);
    }

    /** Returns the grants of version 2. */
    public KeyGrants keyGrants() {
        return keyGrants;
    }

    /** Returns the grants of version 3. */
    public TokenGrants tokenGrants() {
        return tokenGrants;
    }

    /** Ends the polls whose token or grant has expired, and once a minute forgets what has expired; to be called every second. */
    public void advance() {
        standing.advance();
        long now = nowSeconds.getAsLong();
        long last = purgedSeconds.get();
        if (Math.abs(now - last) >= PURGE_SECONDS && purgedSeconds.compareAndSet(last, now)) {
            purge();
        }
    }

    /** Returns when the ground of a poll that waits ends next, in milliseconds since the Unix epoch, or {@link Long#MAX_VALUE}. */
    public long nextEndMillis() {
        long seconds = standing.nextEndSeconds();
        return seconds > Long.MAX_VALUE / 1000 ? Long.MAX_VALUE : seconds * 1000;
    }

    /** Forgets all grants and revocations, which only those in memory can. */
    public void forget() {
        store.forget();
        standing.changedAll();
    }

    /** Forgets what has expired. */
    public void purge() {
        store.purge(nowSeconds.getAsLong());
    }

    /** Lets go of where grants are kept; checks go on. */
    @Override
    public void close() {
        store.close();
    }

    @Override
    public Decision decide(AccessRequest request) {
        Right right = request.operation().right();
        if (right == null) {
            return Decision.OPEN;
        }
        long version = standing.version();
        AccessKeyset keyset = keysets.access(request.key());
        return keyset == null ? Decision.OPEN : decide(request, keyset, right, version);
    }

    private Decision decide(AccessRequest request, AccessKeyset keyset, Right right, long version) {
        long now = nowSeconds.getAsLong();
        Reason reason = Reason.FORBIDDEN;
        SignedRequest signed = request.signed();
        if (signed != null) {
            switch (Signatures.check(keyset, signed, clientSeconds.getAsLong())) {
                case VALID -> {
                    return Decision.signed(keyset, version);
                }
                case INVALID_TIMESTAMP -> reason = Reason.INVALID_TIMESTAMP;
                case INVALID_SIGNATURE -> reason = Reason.INVALID_SIGNATURE;
            }
        }
        String credential = request.credential();
        if (credential == null) {
            return Decision.ofAuthKey(keyset, "", version).require(store, request, right, now, reason);
        }
        if (!Tokens.isToken(credential)) {
            return Decision.ofAuthKey(keyset, credential, version)
                    .require(store, request, right, now, Reason.FORBIDDEN);
        }
        VerifiedToken token = tokens.open(keyset, credential);
        Refusal useless = refuseToken(request, token, now);
        if (useless != null || token == null) {
            return Decision.refused(useless == null ? new Refusal(request.channels(), request.groups()) : useless);
        }
        return Decision.ofToken(keyset, token, version).require(store, request, right, now, Reason.FORBIDDEN);
    }

    /** Decides about a poll that waits. Its signature has grown old, and holds for as long as its keyset is what it was. */
    private Decision decideAgain(AccessRequest request, Decision before) {
        long version = standing.version();
        if (!keysets.isKnown(request.key())) {
            return Decision.refused(new Refusal(Reason.INVALID_SUBSCRIBE_KEY, List.of(), List.of()));
        }
        AccessKeyset keyset = keysets.access(request.key());
        Right right = request.operation().right();
        if (keyset == null || right == null) {
            return Decision.OPEN;
        }
        if (before.ground() == Ground.SIGNATURE && before.keyset() == keyset) {
            return Decision.signed(keyset, version);
        }
        return decide(request, keyset, right, version);
    }

    @Override
    public boolean isRevocable(AccessRequest request) {
        return keysets.mayChange() || keysets.access(request.key()) != null;
    }

    @Override
    public Runnable whenGone(AccessRequest request, Decision decision, Consumer<Refusal> action) {
        VerifiedToken token = decision.token();
        // Whoever waits holds no more of the request than what is asked about again; those with one token share its
        // text.
        AccessRequest held = request.forLater(token == null ? request.credential() : token.text());
        return standing.enter(held, decision, () -> isStale(held, decision), action);
    }

    private boolean isStale(AccessRequest request, Decision decision) {
        return keysets.access(request.key()) != decision.keyset()
                || !keysets.isKnown(request.key())
                || decision.ground() != Ground.OPEN && decision.version() != standing.version();
    }

    /** Returns the number of polls that are ended when what they stand on is gone. */
    int watchedPolls() {
        return standing.size();
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
}

package dev.rollcall.server.access;

import dev.rollcall.protocol.SubscribeKey;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where grants of version 2 and revocations of tokens are kept. Reads answer from memory and never block; a change is seen, and its stage
 * complete, once it is kept for as long as the store keeps things. Stages complete on a thread of the store or at once. Safe from any
 * thread.
 */
interface GrantStore extends AutoCloseable {
    /** Returns a grant, which may have expired, or null if there is none. */
    @Nullable
    KeyGrant grant(GrantKey key);

    /** Returns all grants of a keyset, expired ones included. Walks through all of them. */
    List<KeyGrant> grants(SubscribeKey key);

    /**
     * Puts grants of one keyset in the place of those about the same; one without any right removes what was there. All of them or none.
     */
    CompletionStage<Void> save(Collection<KeyGrant> grants);

    /** Returns whether a token was revoked. */
    boolean isRevoked(String tokenId);

    /** Remembers that a token of a keyset was revoked, until it expires anyway. */
    CompletionStage<Void> revoke(SubscribeKey key, String tokenId, long expiresSeconds);

    /**
     * Has {@code action} told of tokens that are revoked elsewhere; it may be told of others too, and more than once. To be called once,
     * before the store is used.
     */
    default void onRevoked(Consumer<String> action) {}

    /** Forgets what has expired. Bounded: forgets a part if there is much. */
    void purge(long nowSeconds);

    /** Lets go of what the store has opened itself. */
    @Override
    default void close() {}
}

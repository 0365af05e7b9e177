package dev.rollcall.server.access.grant;

import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where grants of version 2 and revocations of tokens are kept. Reads answer from memory and never block; a change is seen, and its stage
 * complete, once it is kept for as long as the store keeps things. Stages complete on a thread of the store or at once. Safe from any
 * thread.
 */
public interface GrantStore extends AutoCloseable {
    /** Returns a grant, which may have expired, or null if there is none. */
    @Nullable
    KeyGrant grant(GrantKey key);

    /** Returns all grants of a keyset, expired ones included. Walks through all of them. */
    List<KeyGrant> grants(SubscribeKey key);

    /**
     * Puts grants of one keyset in the place of those about the same; one without any right removes what was there. All of them or none.
     *
     * @throws ProtocolException if there is no room for those that are new
     */
    CompletionStage<Void> save(Collection<KeyGrant> grants);

    /** Returns whether a token was revoked. */
    boolean isRevoked(String tokenId);

    /**
     * Remembers that a token of a keyset was revoked, until it expires anyway.
     *
     * @throws ProtocolException if there is no room for another
     */
    CompletionStage<Void> revoke(SubscribeKey key, String tokenId, long expiresSeconds);

    /** Hears of rights that are gone, once they are gone here, from whatever thread; must not block. */
    interface LossListener {
        /** A token was revoked. May be said more than once. */
        void onRevoked(String tokenId);

        /** A grant was taken back, or gives less, or ends sooner than it did. */
        void onNarrowed(GrantKey key);
    }

    /** Has {@code listener} told of losses. To be called once, before the store is used. */
    void onLoss(LossListener listener);

    /** Returns how many dots the name of a granted wildcard of this keyset has at most, or had; 0 if none was granted. */
    int wildcardDots(SubscribeKey key);

    /** Forgets what has expired. Bounded: forgets a part if there is much. */
    void purge(long nowSeconds);

    /**
     * Forgets everything.
     *
     * @throws UnsupportedOperationException if what is kept there outlives the process
     */
    default void forget() {
        throw new UnsupportedOperationException("forget: grants outlive the process (expected: a store in memory)");
    }

    /** Lets go of what the store has opened itself. */
    @Override
    default void close() {}
}

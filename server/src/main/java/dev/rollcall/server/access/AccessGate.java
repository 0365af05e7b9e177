package dev.rollcall.server.access;

import java.util.function.Consumer;

/** Stands in front of the engine. Safe from any thread; must not block. */
@FunctionalInterface
public interface AccessGate {
    /** The gate that is always open. */
    AccessGate OPEN = request -> Decision.OPEN;

    /** Returns whether {@code request} may pass, and what that rests on. */
    Decision decide(AccessRequest request);

    /** Returns whether anything that lets requests of this keyset pass may be gone later, while a poll waits. */
    default boolean isRevocable(AccessRequest request) {
        return false;
    }

    /**
     * Has {@code action} run, once, when what {@code decision} rests on is gone, at once if it is already: the token was revoked or has
     * expired, the grant was taken back, has ended or says less, the keyset has another secret key, or none, or does not exist any more.
     * Whatever other ground the request has by then counts first. Runs on any thread, outside of any lock. Returns what takes that back.
     */
    default Runnable whenGone(AccessRequest request, Decision decision, Consumer<Refusal> action) {
        return () -> {};
    }
}

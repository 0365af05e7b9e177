package dev.rollcall.server.access;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Stands in front of the engine. Safe from any thread; must not block. */
@FunctionalInterface
public interface AccessGate {
    /** The gate that is always open. */
    AccessGate OPEN = request -> null;

    /**
     * Has {@code action} run when the token that let {@code request} pass is revoked, at once if it is already. Returns what takes that
     * back, or null if the request came without a token.
     */
    default @Nullable Runnable whenRevoked(AccessRequest request, Consumer<Refusal> action) {
        return null;
    }

    /** Returns why {@code request} may not pass, or null if it may. */
    @Nullable
    Refusal check(AccessRequest request);
}

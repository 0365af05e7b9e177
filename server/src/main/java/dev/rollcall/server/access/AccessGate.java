package dev.rollcall.server.access;

import org.jspecify.annotations.Nullable;

/** Stands in front of the engine. Safe from any thread; must not block. */
@FunctionalInterface
public interface AccessGate {
    /** The gate that is always open. */
    AccessGate OPEN = request -> null;

    /** Returns why {@code request} may not pass, or null if it may. */
    @Nullable
    Refusal check(AccessRequest request);
}

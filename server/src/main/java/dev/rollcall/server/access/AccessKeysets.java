package dev.rollcall.server.access;

import dev.rollcall.protocol.SubscribeKey;
import org.jspecify.annotations.Nullable;

/** Which keysets have the Access Manager on. May answer otherwise later, when the configuration has changed. Safe from any thread. */
@FunctionalInterface
public interface AccessKeysets {
    /** Returns what is needed to check requests of the keyset, or null if the Access Manager is off for it. */
    @Nullable
    AccessKeyset access(SubscribeKey key);

    /** Returns whether the keyset exists. */
    default boolean isKnown(SubscribeKey key) {
        return true;
    }

    /** Returns whether anything of this may be otherwise later. */
    default boolean mayChange() {
        return false;
    }

    /** Has {@code action} run whenever keysets have changed, once the change is seen here. To be called once. */
    default void onChange(Runnable action) {}
}

package dev.rollcall.server.access;

import dev.rollcall.protocol.SubscribeKey;
import org.jspecify.annotations.Nullable;

/** Which keysets have the Access Manager on. May answer otherwise later, when the configuration has changed. Safe from any thread. */
@FunctionalInterface
public interface AccessKeysets {
    /** Returns what is needed to check requests of the keyset, or null if the Access Manager is off for it. */
    @Nullable
    AccessKeyset access(SubscribeKey key);
}

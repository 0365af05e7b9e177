package dev.rollcall.engine;

import dev.rollcall.protocol.SubscribeKey;

/** Where an engine learns the settings of a keyset. Called once for each keyset and again after {@link Engine#reconfigure()}. */
@FunctionalInterface
public interface Keysets {
    /** Returns the settings of {@code key}. The caller has made sure that the key may be used. */
    KeysetSettings settings(SubscribeKey key);
}

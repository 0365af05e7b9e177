package dev.rollcall.engine;

import dev.rollcall.protocol.SubscribeKey;

/** Where an engine learns the settings of a keyset. Called when a keyset is first
 * used and again after {@link Engine#reconfigure()}, from any thread, with no lock held. */
@FunctionalInterface
public interface Keysets {
    /** Returns the settings of {@code key}. The caller has made sure that the key may be used. */
    KeysetSettings settings(SubscribeKey key);
}

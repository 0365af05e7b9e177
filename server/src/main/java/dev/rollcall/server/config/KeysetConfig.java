package dev.rollcall.server.config;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.protocol.SubscribeKey;
import org.jspecify.annotations.Nullable;

/**
 * One configured keyset.
 *
 * @param subscribeKey the key that names it
 * @param publishKey the key that lets publish, or null if nobody may
 * @param settings its presence settings
 */
public record KeysetConfig(SubscribeKey subscribeKey, @Nullable String publishKey, KeysetSettings settings) {
    /** Refuses a malformed publish key. */
    public KeysetConfig {
        if (publishKey != null && !SubscribeKey.isWellFormed(publishKey)) {
            throw new IllegalArgumentException(
                    "publish-key: " + publishKey + " (expected: letters, digits or - _ . ~)");
        }
    }
}

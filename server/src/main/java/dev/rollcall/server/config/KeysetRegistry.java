package dev.rollcall.server.config;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Keysets;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.AccessKeyset;
import dev.rollcall.server.access.AccessKeysets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keysets that exist now. In development mode, when none is configured, every well-formed key does. Safe from any thread; replaced
 * as a whole when the configuration is read again.
 */
public final class KeysetRegistry implements Keysets, AccessKeysets {
    private final KeysetSettings defaults;
    private volatile Map<SubscribeKey, KeysetConfig> keysets;

    /** Makes a registry of the configured keysets, none for development mode. */
    public KeysetRegistry(List<KeysetConfig> keysets) {
        this(keysets, KeysetSettings.DEFAULT);
    }

    /** The same, where every key of development mode has the settings {@code defaults}. */
    public KeysetRegistry(List<KeysetConfig> keysets, KeysetSettings defaults) {
        this.keysets = byKey(keysets);
        this.defaults = defaults;
    }

    /** Puts other keysets in the place of all. */
    public void replace(List<KeysetConfig> others) {
        keysets = byKey(others);
    }

    /** Returns whether the keyset exists. */
    public boolean isKnown(SubscribeKey key) {
        Map<SubscribeKey, KeysetConfig> now = keysets;
        return now.isEmpty() || now.containsKey(key);
    }

    /** Returns whether {@code publishKey} lets publish in the keyset. */
    public boolean mayPublish(SubscribeKey key, String publishKey) {
        Map<SubscribeKey, KeysetConfig> now = keysets;
        if (now.isEmpty()) {
            return SubscribeKey.isWellFormed(publishKey);
        }
        KeysetConfig keyset = now.get(key);
        return keyset != null && publishKey.equals(keyset.publishKey());
    }

    /** Returns the largest message of a keyset in bytes, or null if it has no limit of its own. */
    public @Nullable Integer maxMessage(SubscribeKey key) {
        KeysetConfig keyset = keysets.get(key);
        return keyset == null ? null : keyset.maxMessage();
    }

    @Override
    public KeysetSettings settings(SubscribeKey key) {
        KeysetConfig keyset = keysets.get(key);
        return keyset == null ? defaults : keyset.settings();
    }

    @Override
    public @Nullable AccessKeyset access(SubscribeKey key) {
        KeysetConfig keyset = keysets.get(key);
        return keyset == null ? null : keyset.access();
    }

    private static Map<SubscribeKey, KeysetConfig> byKey(List<KeysetConfig> keysets) {
        var byKey = new HashMap<SubscribeKey, KeysetConfig>();
        for (KeysetConfig keyset : keysets) {
            byKey.put(keyset.subscribeKey(), keyset);
        }
        return Map.copyOf(byKey);
    }
}

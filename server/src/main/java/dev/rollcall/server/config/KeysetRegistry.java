package dev.rollcall.server.config;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Keysets;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.key.AccessKeyset;
import dev.rollcall.server.access.key.AccessKeysets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
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
    private final boolean mayChange;
    private volatile Map<SubscribeKey, KeysetConfig> keysets;
    private volatile Runnable changed = () -> {};

    /** Makes a registry of the configured keysets, none for development mode. */
    public KeysetRegistry(List<KeysetConfig> keysets) {
        this(keysets, KeysetSettings.DEFAULT, false);
    }

    /**
     * The same.
     *
     * @param defaults the settings that every key has in development mode
     * @param mayChange whether the keysets are ever replaced
     */
    public KeysetRegistry(List<KeysetConfig> keysets, KeysetSettings defaults, boolean mayChange) {
        this.keysets = byKey(keysets);
        this.defaults = defaults;
        this.mayChange = mayChange;
    }

    /** Puts other keysets in the place of all, and then says so. */
    public void replace(List<KeysetConfig> others) {
        Map<SubscribeKey, KeysetConfig> before = keysets;
        var after = new ArrayList<KeysetConfig>(others.size());
        for (KeysetConfig other : others) {
            after.add(other.withAccessOf(before.get(other.subscribeKey())));
        }
        keysets = byKey(after);
        changed.run();
    }

    /** Returns the keysets that exist now, none in development mode. */
    public Collection<KeysetConfig> all() {
        return keysets.values();
    }

    /** Returns one keyset as it is configured, or null in development mode and if there is none. */
    public @Nullable KeysetConfig find(SubscribeKey key) {
        return keysets.get(key);
    }

    /**
     * A setting of presence, as it stands in the file.
     *
     * @param name its key
     * @param value what it is
     * @param defaultValue what it is when nothing is said
     */
    public record Shown(String name, String value, String defaultValue) {}

    /** Returns the settings that can be told in a word, all but the rules. */
    public static List<Shown> shown(KeysetSettings settings) {
        return Arrays.stream(KeysetSetting.values())
                .filter(setting -> setting != KeysetSetting.RULES)
                .map(setting -> new Shown(setting.key(), setting.valueIn(settings), setting.defaultValue()))
                .toList();
    }

    @Override
    public boolean mayChange() {
        return mayChange;
    }

    @Override
    public void onChange(Runnable action) {
        changed = action;
    }

    @Override
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

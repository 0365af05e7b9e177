package dev.rollcall.server.config;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.AccessKeyset;
import org.jspecify.annotations.Nullable;

/**
 * One configured keyset.
 *
 * @param subscribeKey the key that names it
 * @param publishKey the key that lets publish, or null if nobody may
 * @param settings its presence settings
 * @param access what requests are checked with, or null if the Access Manager is off
 * @param maxMessage the largest message in bytes, or null for the limits of the paths: {@link Limits#MESSAGE_BYTES} on {@code /publish},
 *     {@link Limits#BODY_BYTES} on {@code /v2/publish}
 */
public record KeysetConfig(
        SubscribeKey subscribeKey,
        @Nullable String publishKey,
        KeysetSettings settings,
        @Nullable AccessKeyset access,
        @Nullable Integer maxMessage) {
    /** Refuses a malformed publish key and a size out of range. */
    public KeysetConfig {
        if (publishKey != null && !SubscribeKey.isWellFormed(publishKey)) {
            throw new IllegalArgumentException(
                    "publish-key: " + publishKey + " (expected: letters, digits or - _ . ~)");
        }
        if (maxMessage != null && (maxMessage < Limits.SIGNAL_BYTES || maxMessage > Limits.BODY_BYTES)) {
            throw new IllegalArgumentException("max-message: " + maxMessage + " (expected: " + Limits.SIGNAL_BYTES
                    + ".." + Limits.BODY_BYTES + " bytes)");
        }
    }

    /** Makes a keyset with the Access Manager off. */
    public KeysetConfig(SubscribeKey subscribeKey, @Nullable String publishKey, KeysetSettings settings) {
        this(subscribeKey, publishKey, settings, null, null);
    }

    /** Returns the same with the Access Manager on. */
    public KeysetConfig withSecretKey(String secretKey) {
        return new KeysetConfig(
                subscribeKey, publishKey, settings, AccessKeyset.of(subscribeKey, publishKey, secretKey), maxMessage);
    }

    /** Returns the same with what {@code before} checks requests with, if that is the same: so what was checked with it stays checked. */
    KeysetConfig withAccessOf(@Nullable KeysetConfig before) {
        AccessKeyset known = before == null ? null : before.access;
        boolean isSame = known != null && access != null && known.isSame(access);
        return isSame ? new KeysetConfig(subscribeKey, publishKey, settings, known, maxMessage) : this;
    }
}

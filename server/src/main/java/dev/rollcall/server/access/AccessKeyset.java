package dev.rollcall.server.access;

import dev.rollcall.protocol.SubscribeKey;
import org.jspecify.annotations.Nullable;

/**
 * A keyset with the Access Manager on: what its signatures and tokens are checked with. Two are never equal, so that nothing checked with
 * one secret key is taken for checked with another. Safe from any thread.
 */
public final class AccessKeyset {
    /** The shortest secret key; a shorter one could be guessed from a token. */
    public static final int MIN_SECRET_LENGTH = 16;

    private final SubscribeKey key;
    private final String publishKey;
    private final SecretKey secret;
    private final SecretKey tokenKey;

    private AccessKeyset(SubscribeKey key, String publishKey, SecretKey secret) {
        this.key = key;
        this.publishKey = publishKey;
        this.secret = secret;
        // With the subscribe key in it, a token is worth nothing in another keyset of the same secret key.
        tokenKey = secret.derive("rollcall token 1 " + key.value());
    }

    /**
     * Makes a keyset.
     *
     * @param publishKey the publish key, which signatures cover, or null if nobody may publish
     * @param secretKey the secret key, known to the servers that grant
     * @throws IllegalArgumentException if the secret key is too short; the message does not tell it
     */
    public static AccessKeyset of(SubscribeKey key, @Nullable String publishKey, String secretKey) {
        if (secretKey.length() < MIN_SECRET_LENGTH) {
            throw new IllegalArgumentException("secret-key: " + secretKey.length() + " characters (expected: at least "
                    + MIN_SECRET_LENGTH + ", hard to guess)");
        }
        return ofAny(key, publishKey, secretKey);
    }

    static AccessKeyset ofAny(SubscribeKey key, @Nullable String publishKey, String secretKey) {
        return new AccessKeyset(key, publishKey == null ? "" : publishKey, SecretKey.of(secretKey));
    }

    SubscribeKey key() {
        return key;
    }

    /** Returns the publish key as signatures cover it, empty if there is none. */
    String publishKey() {
        return publishKey;
    }

    /** Returns the key of signatures. */
    SecretKey secret() {
        return secret;
    }

    /** Returns the key of tokens. */
    SecretKey tokenKey() {
        return tokenKey;
    }

    /** Returns whether the other one checks everything as this one does: the same keys, secret and public. */
    public boolean isSame(AccessKeyset other) {
        return key.equals(other.key) && publishKey.equals(other.publishKey) && secret.isSame(other.secret);
    }

    @Override
    public String toString() {
        return "AccessKeyset[" + key + "]";
    }
}

package dev.rollcall.server.access;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key of HMAC-SHA256. Tells nobody what it is: it has no text form, so it cannot end up in a log line. Safe from any thread. */
final class SecretKey {
    /** The length of a code in bytes. */
    static final int CODE_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    private SecretKey(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** Makes the key that {@code text} spells. */
    static SecretKey of(String text) {
        return new SecretKey(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a key for one purpose, from which nobody learns this one. */
    SecretKey derive(String purpose) {
        return new SecretKey(code(purpose.getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns the code of {@code message}. */
    byte[] code(byte[] message) {
        return code(message, message.length, new byte[0]);
    }

    /** Returns the code of the first {@code length} bytes of {@code message} and of what follows them. */
    byte[] code(byte[] message, int length, byte[] following) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(message, 0, length);
            return mac.doFinal(following);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /** Returns whether the other one makes the same codes. */
    boolean isSame(SecretKey other) {
        return MessageDigest.isEqual(key.getEncoded(), other.key.getEncoded());
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}

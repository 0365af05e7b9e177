package dev.rollcall.protocol;

import static java.util.Objects.requireNonNull;

/**
 * The key that names a keyset, the tenant that channels and users belong to: 1 to {@value Limits#KEY_LENGTH} letters, digits and
 * {@code - _ . ~}.
 *
 * @param value the key as it stands in request paths
 */
public record SubscribeKey(String value) {
    /** Refuses what is not a well-formed key. */
    public SubscribeKey {
        requireNonNull(value, "value");
        if (!isWellFormed(value)) {
            throw new InvalidValueException(
                    "key: " + value + " (expected: 1.." + Limits.KEY_LENGTH + " letters, digits or - _ . ~)");
        }
    }

    /** Returns whether {@code value} can be a subscribe or publish key. */
    public static boolean isWellFormed(String value) {
        int length = value.length();
        if (length == 0 || length > Limits.KEY_LENGTH) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!plain && c != '-' && c != '_' && c != '.' && c != '~') {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return value;
    }
}

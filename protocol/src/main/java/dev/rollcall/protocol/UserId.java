package dev.rollcall.protocol;

import static java.util.Objects.requireNonNull;

/**
 * Who a client says it is; {@code uuid} on the wire. Any Unicode of 1 to {@value Limits#USER_ID_LENGTH} characters (code points); two devices
 * with the same user id are one occupant.
 *
 * @param value the id, percent-decoded
 */
public record UserId(String value) implements Comparable<UserId> {
    /** Refuses an empty id and one that is too long. */
    public UserId {
        requireNonNull(value, "value");
        if (value.isEmpty() || Limits.isLonger(value, value.length(), Limits.USER_ID_LENGTH)) {
            throw new InvalidValueException("uuid length: " + value.codePointCount(0, value.length())
                    + " (expected: 1.." + Limits.USER_ID_LENGTH + " characters)");
        }
    }

    @Override
    public int compareTo(UserId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}

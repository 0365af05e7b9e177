package dev.rollcall.engine.embedded.table;

import dev.rollcall.protocol.UserId;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.UUID;

/**
 * A user id, taken apart once for all that a request does with it: its hash, and its 128 bits where it is a UUID in its usual
 * lower-case spelling, which is how leases keep those and compare them. Immutable.
 */
public final class UserKey {
    private static final int UUID_LENGTH = 36;

    private static final int AS_UUID = 0;
    private static final int AS_TEXT = 1;

    /** The digits' values by character; negative for every other character. */
    private static final byte[] DIGITS = new byte[128];

    static {
        Arrays.fill(DIGITS, (byte) -1);
        for (int digit = 0; digit < 16; digit++) {
            DIGITS["0123456789abcdef".charAt(digit)] = (byte) digit;
        }
    }

    public final UserId user;
    public final int hash;

    /** The bits of the UUID, 0 if it is none. */
    public final long high;

    public final long low;

    private UserKey(UserId user, int hash, long high, long low) {
        this.user = user;
        this.hash = hash;
        this.high = high;
        this.low = low;
    }

    /** Takes an id apart. */
    public static UserKey of(UserId user) {
        String id = user.value();
        if (isShapedLikeUuid(id)) {
            long high1 = digits(id, 0, 8);
            long high2 = digits(id, 9, 13);
            long high3 = digits(id, 14, 18);
            long low1 = digits(id, 19, 23);
            long low2 = digits(id, 24, UUID_LENGTH);
            long high = high1 << 32 | high2 << 16 | high3;
            long low = low1 << 48 | low2;
            // The one without a bit is kept as a text, so that no bit says that there is none.
            if ((high1 | high2 | high3 | low1 | low2) >= 0 && (high | low) != 0) {
                return new UserKey(user, SeededHash.of(high, low), high, low);
            }
        }
        return new UserKey(user, SeededHash.of(id), 0, 0);
    }

    /** Returns whether the id is kept as the bits of a UUID. */
    public boolean isUuid() {
        return (high | low) != 0;
    }

    private static boolean isShapedLikeUuid(String id) {
        return id.length() == UUID_LENGTH
                && id.charAt(8) == '-'
                && id.charAt(13) == '-'
                && id.charAt(18) == '-'
                && id.charAt(23) == '-';
    }

    /** Reads at most twelve hexadecimal digits; returns something negative if one of the characters is none. */
    private static long digits(String id, int from, int to) {
        long bits = 0;
        int all = 0;
        for (int i = from; i < to; i++) {
            char c = id.charAt(i);
            int digit = c < 128 ? DIGITS[c] : -1;
            all |= digit;
            bits = bits << 4 | digit & 15;
        }
        return all < 0 ? -1 : bits;
    }

    /** Writes the id for {@link #read}. */
    public void writeTo(DataOutput out) throws IOException {
        if (isUuid()) {
            writeUuid(high, low, out);
        } else {
            writeName(user.value(), out);
        }
    }

    /** Writes the id of a user whose UUID this is. */
    public static void writeUuid(long high, long low, DataOutput out) throws IOException {
        out.writeByte(AS_UUID);
        out.writeLong(high);
        out.writeLong(low);
    }

    /** Writes the id of a user that is not a UUID. */
    public static void writeName(String name, DataOutput out) throws IOException {
        out.writeByte(AS_TEXT);
        out.writeUTF(name);
    }

    /** Reads what was written of a user. */
    public static UserKey read(DataInput in) throws IOException {
        int form = in.readByte();
        return switch (form) {
            case AS_UUID -> of(new UserId(new UUID(in.readLong(), in.readLong()).toString()));
            case AS_TEXT -> of(new UserId(in.readUTF()));
            default -> throw new IOException("form of a user id: " + form + " (expected: 0 or 1)");
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UserKey key && hash == key.hash && user.equals(key.user);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}

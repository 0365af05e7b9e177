package dev.rollcall.engine.embedded;

import dev.rollcall.protocol.UserId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * User ids as leases keep them, in as little memory as they fit: a {@link UUID} where the id is one in its usual lower-case spelling, a
 * byte array where it is ASCII, else the string.
 */
final class CompactId {
    private static final int UUID_LENGTH = 36;

    /** The digits' values by character; negative for every other character. */
    private static final byte[] DIGITS = new byte[128];

    static {
        Arrays.fill(DIGITS, (byte) -1);
        for (int digit = 0; digit < 16; digit++) {
            DIGITS["0123456789abcdef".charAt(digit)] = (byte) digit;
        }
    }

    private CompactId() {}

    /** Returns the compact form. */
    static Object of(UserId user) {
        String id = user.value();
        if (isUuid(id)) {
            return new UUID(high(id), low(id));
        }
        return isAscii(id) ? id.getBytes(StandardCharsets.ISO_8859_1) : id;
    }

    /** Returns the id that {@code compact} stands for. */
    static UserId userId(Object compact) {
        return new UserId(
                compact instanceof byte[] ascii ? new String(ascii, StandardCharsets.ISO_8859_1) : compact.toString());
    }

    /** Returns whether {@code compact} stands for {@code id}. */
    static boolean matches(Object compact, String id) {
        if (compact instanceof UUID uuid) {
            return isShapedLikeUuid(id) && matches(uuid, id);
        }
        if (compact instanceof byte[] ascii) {
            if (ascii.length != id.length()) {
                return false;
            }
            for (int i = 0; i < ascii.length; i++) {
                if (ascii[i] != id.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
        return compact.equals(id);
    }

    /** One pass; the end of the id first, as that is where ids differ most. */
    private static boolean matches(UUID uuid, String id) {
        long low = uuid.getLeastSignificantBits();
        long high = uuid.getMostSignificantBits();
        return areDigitsOf(low & 0xFFFF_FFFF_FFFFL, id, 24, UUID_LENGTH)
                && areDigitsOf(low >>> 48, id, 19, 23)
                && areDigitsOf(high & 0xFFFF, id, 14, 18)
                && areDigitsOf(high >>> 16 & 0xFFFF, id, 9, 13)
                && areDigitsOf(high >>> 32, id, 0, 8);
    }

    /** Returns whether a part of {@code id} spells {@code bits}. */
    private static boolean areDigitsOf(long bits, String id, int from, int to) {
        long read = 0;
        int all = 0;
        for (int i = from; i < to; i++) {
            char c = id.charAt(i);
            int digit = c < 128 ? DIGITS[c] : -1;
            all |= digit;
            read = read << 4 | digit;
        }
        return all >= 0 && read == bits;
    }

    private static boolean isShapedLikeUuid(String id) {
        return id.length() == UUID_LENGTH
                && id.charAt(8) == '-'
                && id.charAt(13) == '-'
                && id.charAt(18) == '-'
                && id.charAt(23) == '-';
    }

    private static boolean isUuid(String id) {
        return isShapedLikeUuid(id)
                && areDigits(id, 0, 8)
                && areDigits(id, 9, 13)
                && areDigits(id, 14, 18)
                && areDigits(id, 19, 23)
                && areDigits(id, 24, UUID_LENGTH);
    }

    private static boolean areDigits(String id, int from, int to) {
        int all = 0;
        for (int i = from; i < to; i++) {
            char c = id.charAt(i);
            all |= c < 128 ? DIGITS[c] : -1;
        }
        return all >= 0;
    }

    private static long high(String id) {
        return bits(id, 14, 18, bits(id, 9, 13, bits(id, 0, 8, 0)));
    }

    private static long low(String id) {
        return bits(id, 24, UUID_LENGTH, bits(id, 19, 23, 0));
    }

    private static long bits(String id, int from, int to, long before) {
        long bits = before;
        for (int i = from; i < to; i++) {
            bits = bits << 4 | DIGITS[id.charAt(i) & 127] & 15;
        }
        return bits;
    }

    private static boolean isAscii(String id) {
        for (int i = 0; i < id.length(); i++) {
            if (id.charAt(i) > 0x7F) {
                return false;
            }
        }
        return true;
    }
}

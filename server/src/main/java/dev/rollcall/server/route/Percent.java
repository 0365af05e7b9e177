package dev.rollcall.server.route;

import dev.rollcall.protocol.InvalidValueException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Percent-decoding as lenient as old clients need, which send user ids unescaped: a percent sign without two hexadecimal digits behind it
 * stands for itself, and so does a bare byte. Only what is not UTF-8 in the end is refused: were it replaced, two names would become one.
 */
final class Percent {
    private Percent() {}

    /**
     * Decodes a part of {@code raw}, in which a character below 256 is a byte as it came over the wire.
     *
     * @param plusIsBlank whether {@code +} stands for a blank: in queries it does, in paths it does not
     * @throws InvalidValueException if the bytes are not UTF-8
     */
    static String decode(String raw, int from, int to, boolean plusIsBlank) {
        int plain = from;
        while (plain < to && isPlain(raw.charAt(plain), plusIsBlank)) {
            plain++;
        }
        return plain == to ? raw.substring(from, to) : decodeBytes(raw, from, to, plusIsBlank);
    }

    /** Returns whether a part of {@code raw} is the ASCII text {@code name}, some of its characters percent-encoded. */
    static boolean isEncoded(String name, String raw, int from, int to) {
        int at = from;
        for (int i = 0; i < name.length(); i++) {
            if (at >= to) {
                return false;
            }
            char c = raw.charAt(at++);
            if (c == '%' && at + 1 < to && hex(raw.charAt(at)) >= 0 && hex(raw.charAt(at + 1)) >= 0) {
                c = (char) (hex(raw.charAt(at)) << 4 | hex(raw.charAt(at + 1)));
                at += 2;
            }
            if (c != name.charAt(i)) {
                return false;
            }
        }
        return at == to;
    }

    private static boolean isPlain(char c, boolean plusIsBlank) {
        return c < 0x80 && c != '%' && (c != '+' || !plusIsBlank);
    }

    private static String decodeBytes(String raw, int from, int to, boolean plusIsBlank) {
        byte[] bytes = new byte[(to - from) * 3];
        int size = 0;
        for (int i = from; i < to; i++) {
            char c = raw.charAt(i);
            if (c == '%' && i + 2 < to && hex(raw.charAt(i + 1)) >= 0 && hex(raw.charAt(i + 2)) >= 0) {
                bytes[size++] = (byte) (hex(raw.charAt(i + 1)) << 4 | hex(raw.charAt(i + 2)));
                i += 2;
            } else if (c == '+' && plusIsBlank) {
                bytes[size++] = ' ';
            } else if (c < 0x100) {
                bytes[size++] = (byte) c;
            } else {
                boolean pair = i + 1 < to && Character.isSurrogatePair(c, raw.charAt(i + 1));
                int end = pair ? i + 2 : i + 1;
                if (!pair && Character.isSurrogate(c)) {
                    throw notUtf8(raw, from, to);
                }
                byte[] encoded = raw.substring(i, end).getBytes(StandardCharsets.UTF_8);
                System.arraycopy(encoded, 0, bytes, size, encoded.length);
                size += encoded.length;
                i = end - 1;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, size))
                    .toString();
        } catch (CharacterCodingException e) {
            throw notUtf8(raw, from, to);
        }
    }

    private static InvalidValueException notUtf8(String raw, int from, int to) {
        return new InvalidValueException(
                "not UTF-8: " + Shown.shorten(raw.substring(from, to)) + " (expected: percent-encoded UTF-8)");
    }

    private static int hex(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = (c | 0x20) - 'a';
        return letter >= 0 && letter < 6 ? letter + 10 : -1;
    }
}

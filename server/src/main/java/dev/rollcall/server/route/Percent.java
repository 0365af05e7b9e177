package dev.rollcall.server.route;

import java.nio.charset.StandardCharsets;

/**
 * Percent-decoding that never fails. A percent sign without two hexadecimal digits behind it stands for itself, since old clients send
 * user ids unescaped; bytes that are not UTF-8 become {@code U+FFFD}.
 */
final class Percent {
    private Percent() {}

    /**
     * Decodes a part of {@code raw}, in which a character below 256 is a byte as it came over the wire.
     *
     * @param plusIsBlank whether {@code +} stands for a blank: in queries it does, in paths it does not
     */
    static String decode(String raw, int from, int to, boolean plusIsBlank) {
        int plain = from;
        while (plain < to && isPlain(raw.charAt(plain), plusIsBlank)) {
            plain++;
        }
        return plain == to ? raw.substring(from, to) : decodeBytes(raw, from, to, plusIsBlank);
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
                byte[] encoded = raw.substring(i, end).getBytes(StandardCharsets.UTF_8);
                System.arraycopy(encoded, 0, bytes, size, encoded.length);
                size += encoded.length;
                i = end - 1;
            }
        }
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    private static int hex(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = (c | 0x20) - 'a';
        return letter >= 0 && letter < 6 ? letter + 10 : -1;
    }
}

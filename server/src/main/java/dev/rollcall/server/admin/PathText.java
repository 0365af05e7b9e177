package dev.rollcall.server.admin;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-decoding that takes nothing but what is right: names of users are not to be guessed at. */
final class PathText {
    private PathText() {}

    /**
     * Decodes a part of a request target.
     *
     * @param plusIsBlank whether {@code +} stands for a blank, as in queries
     * @throws AdminException 400 if it is not percent-encoded UTF-8
     */
    static String decode(String raw, boolean plusIsBlank) {
        var bytes = new ByteArrayOutputStream(raw.length());
        int i = 0;
        while (i < raw.length()) {
            char c = raw.charAt(i);
            if (c == '%') {
                int high = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), 16) : -1;
                int low = high < 0 ? -1 : Character.digit(raw.charAt(i + 2), 16);
                if (low < 0) {
                    throw malformed(raw);
                }
                bytes.write(high << 4 | low);
                i += 3;
            } else {
                // A byte as it came over the wire.
                bytes.write(c == '+' && plusIsBlank ? ' ' : c);
                i++;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed(raw);
        }
    }

    private static AdminException malformed(String raw) {
        String shown = raw.length() > 100 ? raw.substring(0, 100) + '…' : raw;
        return new AdminException(400, shown, "percent-encoded UTF-8");
    }
}

package dev.rollcall.server.http;

import dev.rollcall.protocol.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * Undoes the {@code Content-Encoding} of a request body. The header only says that the body is compressed, the first bytes say how:
 * clients send zlib data as gzip, and raw deflate data as deflate.
 */
final class ContentDecoding {
    private static final int BUFFER_BYTES = 8192;

    private ContentDecoding() {}

    /**
     * Returns the body as it was before {@code encoding}.
     *
     * @throws Refusal 415 if the encoding is not known, 400 if the body does not follow it, 413 if the result is longer than
     *     {@code limit}; inflating stops there
     */
    static byte[] decode(byte[] body, String encoding, int limit) throws Refusal {
        switch (encoding.trim().toLowerCase(Locale.ROOT)) {
            case "", "identity":
                return body;
            case "gzip", "x-gzip", "deflate":
                return inflate(body, limit);
            default:
                throw new Refusal(ErrorCode.UNSUPPORTED_ENCODING);
        }
    }

    private static byte[] inflate(byte[] body, int limit) throws Refusal {
        try {
            if (isGzip(body)) {
                return readAll(new GZIPInputStream(new ByteArrayInputStream(body)), limit);
            }
            if (isZlib(body)) {
                return inflate(body, limit, false);
            }
            return inflate(body, limit, true);
        } catch (IOException e) {
            throw new Refusal(ErrorCode.MALFORMED_REQUEST, "Request body is not compressed as its headers say");
        }
    }

    private static byte[] inflate(byte[] body, int limit, boolean isRaw) throws IOException, Refusal {
        Inflater inflater = new Inflater(isRaw);
        try {
            return readAll(new InflaterInputStream(new ByteArrayInputStream(body), inflater), limit);
        } finally {
            inflater.end();
        }
    }

    private static byte[] readAll(InputStream compressed, int limit) throws IOException, Refusal {
        try (InputStream in = compressed) {
            ByteArrayOutputStream out = new ByteArrayOutputStream(BUFFER_BYTES);
            byte[] buffer = new byte[BUFFER_BYTES];
            int count = in.read(buffer);
            while (count >= 0) {
                out.write(buffer, 0, count);
                if (out.size() > limit) {
                    throw new Refusal(ErrorCode.PAYLOAD_TOO_LARGE);
                }
                count = in.read(buffer);
            }
            return out.toByteArray();
        }
    }

    private static boolean isGzip(byte[] body) {
        return body.length >= 2 && body[0] == 0x1f && body[1] == (byte) 0x8b;
    }

    /** RFC 1950: the method is 8, and the two bytes of the header are a multiple of 31. */
    private static boolean isZlib(byte[] body) {
        return body.length >= 2 && (body[0] & 0x0f) == 8 && (((body[0] & 0xff) << 8) | (body[1] & 0xff)) % 31 == 0;
    }
}

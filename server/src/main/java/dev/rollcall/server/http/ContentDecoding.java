package dev.rollcall.server.http;

import dev.rollcall.protocol.ErrorCode;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Undoes the {@code Content-Encoding} of a request body. The header only says that the body is compressed, the first bytes say how:
 * clients send zlib data as gzip, and raw deflate data as deflate.
 *
 * <p>What it may cost is bounded three times: by the bytes it gives, by how many times as long as it was sent it becomes, and by the
 * members of a gzip file, each of which costs something even if it is empty.
 */
final class ContentDecoding {
    /** Most members of one gzip body. Clients send one. */
    static final int MAX_MEMBERS = 16;

    /** How many times as long a body may become. Repetitive JSON is compressed a hundred times. */
    static final int MAX_RATIO = 200;

    /** So much may come of any body, however short it is. */
    static final int FREE_BYTES = 64 * 1024;

    private static final int BUFFER_BYTES = 8192;

    private ContentDecoding() {}

    /** Returns whether a body with this {@code Content-Encoding} is as it was; refuses with 415 an encoding that is not known. */
    static boolean isIdentity(String encoding) throws Refusal {
        return switch (encoding.trim().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> true;
            case "gzip", "x-gzip", "deflate" -> false;
            default -> throw new Refusal(ErrorCode.UNSUPPORTED_ENCODING);
        };
    }

    /**
     * Returns the body as it was before {@code encoding}.
     *
     * @throws Refusal 415 if the encoding is not known, 400 if the body does not follow it or has more than {@link #MAX_MEMBERS}
     *     members, 413 if the result is longer than {@code limit} or than {@link #MAX_RATIO} allows; inflating stops there
     */
    static byte[] decode(byte[] body, String encoding, int limit) throws Refusal {
        return isIdentity(encoding) ? body : inflate(body, limit);
    }

    private static byte[] inflate(byte[] body, int limit) throws Refusal {
        boolean isGzip = GzipFrame.isAt(body, 0);
        Inflater inflater = new Inflater(isGzip || !isZlib(body));
        try {
            Output out = new Output(body.length, limit);
            if (isGzip) {
                inflateMembers(inflater, body, out);
            } else {
                inflater.setInput(body);
                inflateOne(inflater, out);
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw malformed();
        } finally {
            inflater.end();
        }
    }

    private static void inflateMembers(Inflater inflater, byte[] body, Output out) throws DataFormatException, Refusal {
        int position = 0;
        for (int member = 0; position < body.length; member++) {
            if (member == MAX_MEMBERS) {
                throw new Refusal(
                        ErrorCode.MALFORMED_REQUEST,
                        "Request body has too many gzip members (expected: at most " + MAX_MEMBERS + ")");
            }
            int start = GzipFrame.endOfHeader(body, position);
            inflater.reset();
            inflater.setInput(body, start, body.length - start);
            int before = out.length;
            inflateOne(inflater, out);
            int end = body.length - inflater.getRemaining();
            position = GzipFrame.endOfTrailer(body, end, out.checksum(before), out.length - before);
        }
    }

    private static void inflateOne(Inflater inflater, Output out) throws DataFormatException, Refusal {
        byte[] buffer = new byte[BUFFER_BYTES];
        while (!inflater.finished()) {
            int count = inflater.inflate(buffer);
            if (count > 0) {
                out.append(buffer, count);
            } else if (!inflater.finished()) {
                // it wants more input than there is, or a dictionary
                throw malformed();
            }
        }
    }

    static Refusal malformed() {
        return new Refusal(ErrorCode.MALFORMED_REQUEST, "Request body is not compressed as its headers say");
    }

    /** RFC 1950: the method is 8, and the two bytes of the header are a multiple of 31. */
    private static boolean isZlib(byte[] body) {
        return body.length >= 2 && (body[0] & 0x0f) == 8 && (((body[0] & 0xff) << 8) | (body[1] & 0xff)) % 31 == 0;
    }

    /** The decompressed bytes, within their bounds. */
    private static final class Output {
        private final int limit;
        private final long ratioLimit;
        private byte[] bytes;
        private int length;

        Output(int compressedLength, int limit) {
            this.limit = limit;
            ratioLimit = Math.max(FREE_BYTES, (long) MAX_RATIO * compressedLength);
            bytes = new byte[Math.min(limit, 4 * compressedLength + 64)];
        }

        void append(byte[] more, int count) throws Refusal {
            if (count > limit - length) {
                throw new Refusal(ErrorCode.PAYLOAD_TOO_LARGE);
            }
            if (length + count > ratioLimit) {
                throw new Refusal(
                        ErrorCode.PAYLOAD_TOO_LARGE,
                        ErrorCode.PAYLOAD_TOO_LARGE.text() + ", decompressed it is more than " + MAX_RATIO
                                + " times as long");
            }
            if (length + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(limit, Math.max(length + count, bytes.length * 2)));
            }
            System.arraycopy(more, 0, bytes, length, count);
            length += count;
        }

        int checksum(int start) {
            CRC32 crc = new CRC32();
            crc.update(bytes, start, length - start);
            return (int) crc.getValue();
        }

        byte[] toByteArray() {
            return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        }
    }
}

package dev.rollcall.server.http;

/** What stands around the compressed data of one member of a gzip file, RFC 1952. */
final class GzipFrame {
    private static final int HEADER_BYTES = 10;
    private static final int TRAILER_BYTES = 8;
    private static final int DEFLATE = 8;
    private static final int HEADER_CHECKSUM = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private GzipFrame() {}

    /** Returns whether a member begins there. */
    static boolean isAt(byte[] bytes, int position) {
        return bytes.length - position >= 2 && bytes[position] == 0x1f && bytes[position + 1] == (byte) 0x8b;
    }

    /** Returns where the data of the member that begins at {@code position} begins; 400 if that is no member. */
    static int endOfHeader(byte[] bytes, int position) throws Refusal {
        if (!isAt(bytes, position) || bytes.length - position < HEADER_BYTES || bytes[position + 2] != DEFLATE) {
            throw ContentDecoding.malformed();
        }
        int flags = bytes[position + 3];
        if ((flags & RESERVED) != 0) {
            throw ContentDecoding.malformed();
        }
        int end = position + HEADER_BYTES;
        if ((flags & EXTRA) != 0) {
            end = within(bytes, end + 2);
            end = within(bytes, end + (bytes[end - 2] & 0xff | (bytes[end - 1] & 0xff) << 8));
        }
        if ((flags & NAME) != 0) {
            end = endOfText(bytes, end);
        }
        if ((flags & COMMENT) != 0) {
            end = endOfText(bytes, end);
        }
        return (flags & HEADER_CHECKSUM) != 0 ? within(bytes, end + 2) : end;
    }

    /** Returns where the trailer ends that begins at {@code position}; 400 if it does not fit the data. */
    static int endOfTrailer(byte[] bytes, int position, int checksum, int length) throws Refusal {
        int end = within(bytes, position + TRAILER_BYTES);
        if (littleEndian(bytes, position) != checksum || littleEndian(bytes, position + 4) != length) {
            throw ContentDecoding.malformed();
        }
        return end;
    }

    private static int littleEndian(byte[] bytes, int position) {
        int value = 0;
        for (int i = 3; i >= 0; i--) {
            value = value << Byte.SIZE | bytes[position + i] & 0xff;
        }
        return value;
    }

    private static int endOfText(byte[] bytes, int start) throws Refusal {
        int end = start;
        while (within(bytes, end + 1) > 0 && bytes[end] != 0) {
            end++;
        }
        return end + 1;
    }

    private static int within(byte[] bytes, int position) throws Refusal {
        if (position > bytes.length) {
            throw ContentDecoding.malformed();
        }
        return position;
    }
}

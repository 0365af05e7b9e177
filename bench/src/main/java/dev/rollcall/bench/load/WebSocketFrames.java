package dev.rollcall.bench.load;

import io.netty.buffer.ByteBuf;

/** WebSocket as far as a client needs it that sends and receives texts. */
final class WebSocketFrames {
    private static final int FINAL_TEXT = 0x81;
    private static final int MASKED = 0x80;
    private static final int LENGTH_BITS = 0x7f;
    private static final int LENGTH_IN_2_BYTES = 126;
    private static final int LENGTH_IN_8_BYTES = 127;
    private static final int MOST_IN_2_BYTES = 0xffff;
    private static final int OK = 200;

    private WebSocketFrames() {}

    /** Returns the request that turns an HTTP connection into one of WebSocket. */
    static byte[] upgrade(String target) {
        return Bytes.ascii("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: rollcall-bench\r\n"
                + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    }

    /**
     * Writes what comes before a text of {@code length} bytes. Clients have to mask; the key is 0, so that the text itself need not be
     * touched here. The server cannot know and does all its work.
     */
    static void writeHead(ByteBuf out, int length) {
        out.writeByte(FINAL_TEXT);
        if (length < LENGTH_IN_2_BYTES) {
            out.writeByte(MASKED | length);
        } else if (length <= MOST_IN_2_BYTES) {
            out.writeByte(MASKED | LENGTH_IN_2_BYTES);
            out.writeShort(length);
        } else {
            out.writeByte(MASKED | LENGTH_IN_8_BYTES);
            out.writeLong(length);
        }
        out.writeInt(0);
    }

    /**
     * Reads the frame of a server that begins at {@code from}, and sets {@code answer} if it is complete: the text is the body, and the
     * status that of success.
     *
     * @return the bytes that the whole frame takes, complete or not; 0 where too few are there to tell
     */
    static int read(byte[] bytes, int from, int to, Answer answer) {
        if (to - from < 2) {
            return 0;
        }
        if ((bytes[from] & 0xff) != FINAL_TEXT) {
            throw new IllegalStateException(
                    "frame: first byte " + (bytes[from] & 0xff) + " (expected: " + FINAL_TEXT + ", a whole text)");
        }
        int shortLength = bytes[from + 1] & LENGTH_BITS;
        int lengthBytes = shortLength < LENGTH_IN_2_BYTES ? 0 : shortLength == LENGTH_IN_2_BYTES ? 2 : 8;
        int bodyStart = from + 2 + lengthBytes;
        if (to < bodyStart) {
            return 0;
        }
        long length = lengthBytes == 0 ? shortLength : bigEndian(bytes, from + 2, bodyStart);
        int end = Math.toIntExact(bodyStart + length);
        if (end <= to) {
            answer.bytes = bytes;
            answer.start = from;
            answer.bodyStart = bodyStart;
            answer.end = end;
            answer.status = OK;
        }
        return end - from;
    }

    private static long bigEndian(byte[] bytes, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            number = number << 8 | bytes[i] & 0xff;
        }
        return number;
    }
}

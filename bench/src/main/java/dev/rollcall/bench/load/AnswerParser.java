package dev.rollcall.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts what one connection receives into answers. Keeps bytes only while an answer is incomplete. What follows an answer that switches
 * protocols is taken for WebSocket, and each of its texts for an answer. One thread only.
 */
final class AnswerParser {
    /** The status of an answer after which the connection speaks another protocol. */
    static final int SWITCHING = 101;

    private static final byte[] NOTHING = {};
    private static final byte[] END_OF_HEAD = Bytes.ascii("\r\n\r\n");
    private static final byte[] END_OF_LINE = Bytes.ascii("\r\n");
    private static final byte[] LENGTH = Bytes.ascii("content-length:");
    private static final byte[] CHUNKED = Bytes.ascii("transfer-encoding: chunked");

    /** Where the digits of the status begin. */
    private static final int STATUS = "HTTP/1.1 ".length();

    private byte[] kept = NOTHING;
    private int keptLength;

    /** The length that an incomplete answer is known to need; before that many bytes it is not looked at again. */
    private int needed;

    private boolean isWebSocket;

    /** Takes bytes, and hands on each answer that they complete, by way of {@code answer}. */
    void accept(byte[] bytes, int length, Answer answer, Consumer<Answer> listener) {
        if (keptLength == 0) {
            int used = cut(bytes, length, answer, listener);
            if (used < length) {
                keep(bytes, used, length);
            }
            return;
        }
        keep(bytes, 0, length);
        if (keptLength < needed) {
            return;
        }
        byte[] whole = kept;
        int wholeLength = keptLength;
        kept = NOTHING;
        keptLength = 0;
        int used = cut(whole, wholeLength, answer, listener);
        if (used < wholeLength) {
            keep(whole, used, wholeLength);
        }
    }

    private void keep(byte[] bytes, int from, int to) {
        int length = to - from;
        if (keptLength + length > kept.length) {
            kept = Arrays.copyOf(kept, Math.max(needed, Math.max(keptLength + length, kept.length * 2)));
        }
        System.arraycopy(bytes, from, kept, keptLength, length);
        keptLength += length;
    }

    private int cut(byte[] bytes, int length, Answer answer, Consumer<Answer> listener) {
        int at = 0;
        while (at < length) {
            int end = parse(bytes, at, length, answer);
            if (end < 0) {
                return at;
            }
            listener.accept(answer);
            at = end;
        }
        return at;
    }

    /** Reads the answer that begins at {@code from}; returns where the next one begins, or -1 if this one is incomplete. */
    private int parse(byte[] bytes, int from, int to, Answer answer) {
        needed = 0;
        if (isWebSocket) {
            int length = WebSocketFrames.read(bytes, from, to, answer);
            if (length > 0 && from + length <= to) {
                return from + length;
            }
            needed = length;
            return -1;
        }
        int headEnd = Bytes.indexOf(bytes, from, to, END_OF_HEAD);
        if (headEnd < 0) {
            return -1;
        }
        int bodyStart = headEnd + END_OF_HEAD.length;
        answer.status = (int) Bytes.number(bytes, from + STATUS, headEnd);
        int lengthAt = header(bytes, from, headEnd, LENGTH);
        if (lengthAt < 0 && header(bytes, from, headEnd, CHUNKED) >= 0) {
            return parseChunks(bytes, from, bodyStart, to, answer);
        }
        while (lengthAt >= 0 && bytes[lengthAt] == ' ') {
            lengthAt++;
        }
        int bodyLength = lengthAt < 0 ? 0 : (int) Bytes.number(bytes, lengthAt, headEnd);
        int end = bodyStart + bodyLength;
        if (end > to) {
            needed = end - from;
            return -1;
        }
        set(answer, bytes, from, bodyStart, end);
        isWebSocket = answer.status == SWITCHING;
        return end;
    }

    private static int parseChunks(byte[] bytes, int from, int bodyStart, int to, Answer answer) {
        byte[] joined = Arrays.copyOfRange(bytes, from, to);
        int joinedLength = bodyStart - from;
        int at = bodyStart;
        while (true) {
            int lineEnd = Bytes.indexOf(bytes, at, to, END_OF_LINE);
            if (lineEnd < 0) {
                return -1;
            }
            int size = Integer.parseInt(new String(bytes, at, lineEnd - at, US_ASCII), 16);
            int chunk = lineEnd + END_OF_LINE.length;
            int next = chunk + size + END_OF_LINE.length;
            if (next > to) {
                return -1;
            }
            if (size == 0) {
                set(answer, joined, 0, bodyStart - from, joinedLength);
                return next;
            }
            System.arraycopy(bytes, chunk, joined, joinedLength, size);
            joinedLength += size;
            at = next;
        }
    }

    private static void set(Answer answer, byte[] bytes, int start, int bodyStart, int end) {
        answer.bytes = bytes;
        answer.start = start;
        answer.bodyStart = bodyStart;
        answer.end = end;
    }

    /** Returns where the value of a header begins, or -1. The name is given in small letters. */
    private static int header(byte[] bytes, int from, int to, byte[] name) {
        for (int line = from; line < to; line++) {
            if (bytes[line] != '\n') {
                continue;
            }
            int i = 0;
            while (i < name.length && line + 1 + i < to && (bytes[line + 1 + i] | smallBit(name[i])) == name[i]) {
                i++;
            }
            if (i == name.length) {
                return line + 1 + i;
            }
        }
        return -1;
    }

    private static int smallBit(byte letter) {
        return letter >= 'a' && letter <= 'z' ? 0x20 : 0;
    }
}

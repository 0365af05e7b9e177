package dev.rollcall.server.http.body;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** Collects a request body. Grows with what has arrived, not with what was announced. */
final class BodyBuffer {
    private static final byte[] EMPTY = {};
    private static final int INITIAL_BYTES = 256;

    private byte[] bytes = EMPTY;
    private int length;

    int length() {
        return length;
    }

    /** Adds all readable bytes of {@code content}. */
    void append(ByteBuf content) {
        int added = content.readableBytes();
        if (length + added > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + added, Math.max(INITIAL_BYTES, bytes.length * 2)));
        }
        content.readBytes(bytes, length, added);
        length += added;
    }

    /** Returns what was collected. */
    byte[] toByteArray() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}

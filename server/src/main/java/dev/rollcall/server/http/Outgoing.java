package dev.rollcall.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * An answer on its way to a client that has not taken all of it. What does not fit into the socket stays one array, shared with whoever
 * gets the same answer, and is copied piece by piece. Event loop only.
 */
final class Outgoing {
    /** Bytes copied at once; an answer of no more than that is copied whole. */
    static final int PIECE = 64 * 1024;

    private final byte[] body;
    private int offset;

    /** The length of the piece taken last. */
    private int piece;

    private boolean isHeld;

    /** Begins with {@code body} behind its first {@code offset} bytes. */
    Outgoing(byte[] body, int offset) {
        this.body = body;
        this.offset = offset;
    }

    byte[] body() {
        return body;
    }

    boolean hasMore() {
        return offset < body.length;
    }

    int remaining() {
        return body.length - offset;
    }

    /** Returns the next piece, to be released by the caller. */
    ByteBuf next(ByteBufAllocator allocator) {
        int length = Math.min(PIECE, remaining());
        ByteBuf copy = allocator.ioBuffer(length).writeBytes(body, offset, length);
        offset += length;
        return copy;
    }

    /** Returns the next piece as a view of the answer, for whoever copies what it sends by itself. */
    ByteBuf nextView() {
        piece = Math.min(PIECE, remaining());
        offset += piece;
        return Unpooled.wrappedBuffer(body, offset - piece, piece);
    }

    /** Returns the length of the view taken last. */
    int lastLength() {
        return piece;
    }

    /** Returns whether the answer is in the account of its connection. */
    boolean isHeld() {
        return isHeld;
    }

    /** Takes down that it is. */
    void held() {
        isHeld = true;
    }
}

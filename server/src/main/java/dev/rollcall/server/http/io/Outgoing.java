package dev.rollcall.server.http.io;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.internal.EmptyArrays;

/**
 * An answer on its way to a client that has not taken all of it. What does not fit into the socket stays one array, shared with whoever
 * gets the same answer, and is copied piece by piece. Event loop only.
 */
public final class Outgoing {
    /** Bytes copied at once of an answer that is not copied whole. */
    public static final int PIECE = 64 * 1024;

    /**
     * Bytes of the longest answer that is copied whole. A socket takes most of so much at once, and each piece more costs a call of the
     * kernel and the account that says what waits; what the socket leaves of it is counted when it has been tried.
     */
    public static final int WHOLE = 2 * PIECE;

    /** What is left of an answer that was written whole. */
    public static final Outgoing NOTHING = new Outgoing(EmptyArrays.EMPTY_BYTES, 0);

    private final byte[] body;
    private int offset;

    /** The length of the piece taken last. */
    private int piece;

    private boolean isHeld;

    /** Begins with {@code body} behind its first {@code offset} bytes. */
    public Outgoing(byte[] body, int offset) {
        this.body = body;
        this.offset = offset;
    }

    /** Returns how many bytes wait in the queue of the socket, more or less. */
    public static long unsent(Channel channel) {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue == null ? 0 : queue.totalPendingWriteBytes();
    }

    public byte[] body() {
        return body;
    }

    public boolean hasMore() {
        return offset < body.length;
    }

    public int remaining() {
        return body.length - offset;
    }

    /** Returns the next piece, to be released by the caller. */
    public ByteBuf next(ByteBufAllocator allocator) {
        int length = Math.min(PIECE, remaining());
        ByteBuf copy = allocator.ioBuffer(length).writeBytes(body, offset, length);
        offset += length;
        return copy;
    }

    /** Returns the next piece as a view of the answer, for whoever copies what it sends by itself. */
    public ByteBuf nextView() {
        piece = Math.min(PIECE, remaining());
        offset += piece;
        return Unpooled.wrappedBuffer(body, offset - piece, piece);
    }

    /** Returns the length of the view taken last. */
    public int lastLength() {
        return piece;
    }

    /** Returns whether the answer is in the account of its connection. */
    public boolean isHeld() {
        return isHeld;
    }

    /** Takes down that it is. */
    public void held() {
        isHeld = true;
    }
}

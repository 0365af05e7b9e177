package dev.rollcall.bench.load;

import io.netty.buffer.ByteBuf;

/** What the connections of one load thread share. That thread only. */
final class LoadLoop {
    private static final int BUFFER_BYTES = 64 * 1024;

    /** The number of this thread, from 0. */
    final int index;

    /** The answer at hand. */
    final Answer answer = new Answer();

    private byte[] buffer = new byte[BUFFER_BYTES];

    LoadLoop(int index) {
        this.index = index;
    }

    /** Copies what was received into the shared buffer. */
    byte[] copy(ByteBuf received) {
        int length = received.readableBytes();
        if (length > buffer.length) {
            buffer = new byte[length];
        }
        received.getBytes(received.readerIndex(), buffer, 0, length);
        return buffer;
    }
}

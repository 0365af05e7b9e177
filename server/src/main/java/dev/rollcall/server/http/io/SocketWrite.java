package dev.rollcall.server.http.io;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;

/** The short way of an answer: straight into the socket, where nothing else waits to be sent. Event loop only. */
public final class SocketWrite {
    /** What a socket takes at once nearly always; a longer answer might have to be tried twice. */
    private static final int MOST_BYTES = 16 * 1024;

    private SocketWrite() {}

    /**
     * Sends as much as the socket takes now, unless it is long, something waits before it or the channel has no socket that can be written to; what has
     * been sent is skipped. Returns whether that is all. To be used only where no handler would change what is written.
     *
     * @throws IOException if the connection is broken
     */
    public static boolean isAllSent(Channel channel, ByteBuf bytes) throws IOException {
        // Null once the channel is closing: the number of its socket may soon be that of another.
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (queue == null
                || !queue.isEmpty()
                || queue.totalPendingWriteBytes() > 0
                || bytes.readableBytes() > MOST_BYTES
                || !bytes.hasMemoryAddress()
                || !(channel instanceof EpollSocketChannel epoll)
                || !(epoll.fd() instanceof Socket socket)) {
            return false;
        }
        int sent = socket.sendAddress(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex());
        if (sent > 0) {
            bytes.skipBytes(sent);
        }
        return !bytes.isReadable();
    }
}

package dev.rollcall.server.http.h2;

import dev.rollcall.server.http.io.LoopStream;
import dev.rollcall.server.http.io.Outgoing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.util.List;

/** An answer that is streamed over an HTTP/2 stream, one part under way at a time, since what the client's window holds up is kept. Event loop only. */
final class StreamedAnswer implements LoopStream.Outlet, ChannelFutureListener {
    private final Http2ServerConnection connection;
    private final int streamId;
    private final LoopStream content;
    private boolean isWriting;
    private boolean isStopped;

    StreamedAnswer(Http2ServerConnection connection, int streamId, LoopStream content) {
        this.connection = connection;
        this.streamId = streamId;
        this.content = content;
    }

    @Override
    public void pump() {
        if (isWriting || isStopped) {
            return;
        }
        List<byte[]> pieces = content.take(Outgoing.PIECE);
        if (!pieces.isEmpty()) {
            write(Unpooled.wrappedBuffer(pieces.toArray(new byte[0][])), false);
        } else if (content.isExhausted()) {
            stop();
        }
    }

    @Override
    public void operationComplete(ChannelFuture written) {
        isWriting = false;
        if (written.isSuccess()) {
            pump();
        } else {
            content.over();
        }
    }

    /** Ends the answer with what has been written so far. */
    void stop() {
        if (!isStopped) {
            isStopped = true;
            content.end();
            write(Unpooled.EMPTY_BUFFER, true);
        }
    }

    boolean isOver() {
        return content.isOver();
    }

    private void write(ByteBuf part, boolean isLast) {
        isWriting = true;
        if (!connection.writePart(streamId, part, isLast, this)) {
            isWriting = false;
            content.over();
        }
    }
}

package dev.rollcall.server.http.h1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.rollcall.server.http.io.LoopStream;
import dev.rollcall.server.http.io.Outgoing;
import dev.rollcall.server.http.io.ReadingPace;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer that is streamed over an HTTP/1 connection, which is closed behind it: in chunks if the client knows them. Event loop only. */
final class StreamedAnswer implements LoopStream.Outlet {
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final int CHUNK_OVERHEAD = 16;

    private final Http1Connection connection;
    private final ChannelHandlerContext ctx;
    private final LoopStream stream;
    private final boolean isChunked;
    private boolean isPumping;
    private boolean isStopped;

    /** Bytes handed to the socket, and of those the ones that the client was seen to have taken. */
    private long written;

    private long taken;

    /** How long the client is waited for, null if it is not behind. */
    private @Nullable ReadingPace pace;

    StreamedAnswer(Http1Connection connection, ChannelHandlerContext ctx, LoopStream stream, boolean isChunked) {
        this.connection = connection;
        this.ctx = ctx;
        this.stream = stream;
        this.isChunked = isChunked;
    }

    @Override
    public void pump() {
        if (isPumping || isStopped) {
            return;
        }
        isPumping = true;
        try {
            while (ctx.channel().isWritable()) {
                List<byte[]> pieces = stream.take(Outgoing.PIECE);
                if (pieces.isEmpty()) {
                    break;
                }
                ByteBuf bytes = chunk(pieces);
                written += bytes.readableBytes();
                ctx.writeAndFlush(bytes, ctx.voidPromise());
            }
        } finally {
            isPumping = false;
        }
        if (stream.isExhausted()) {
            stop();
        }
    }

    private ByteBuf chunk(List<byte[]> pieces) {
        int length = pieces.stream().mapToInt(piece -> piece.length).sum();
        ByteBuf bytes = ctx.alloc().ioBuffer(length + CHUNK_OVERHEAD);
        if (isChunked) {
            bytes.writeBytes(Integer.toHexString(length).getBytes(US_ASCII)).writeBytes(LINE_END);
        }
        pieces.forEach(bytes::writeBytes);
        return isChunked ? bytes.writeBytes(LINE_END) : bytes;
    }

    /** Ends the answer with what has been written so far. */
    void stop() {
        if (!isStopped) {
            isStopped = true;
            connection.endStream(ctx, isChunked ? Unpooled.wrappedBuffer(LAST_CHUNK) : Unpooled.EMPTY_BUFFER);
            stream.over();
        }
    }

    /** Returns whether the client is behind and has had its time. */
    boolean isTooSlow(long nowNanos) {
        long seen = written - Outgoing.unsent(ctx.channel());
        if (ctx.channel().isWritable()) {
            pace = null;
        } else if (pace == null) {
            pace = new ReadingPace(connection.loop().limits().writeTimeout().toNanos(), nowNanos);
        } else {
            pace.took(seen - taken, nowNanos);
        }
        taken = seen;
        return pace != null && pace.isOver(nowNanos);
    }
}

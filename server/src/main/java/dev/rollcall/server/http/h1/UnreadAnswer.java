package dev.rollcall.server.http.h1;

import dev.rollcall.server.http.io.Outgoing;
import dev.rollcall.server.http.io.ReadingPace;
import dev.rollcall.server.http.io.ServerLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * The answer that the client of an HTTP/1 connection has not taken yet: what is in the socket's queue, what follows it, and how long the
 * client is waited for. Event loop only.
 */
final class UnreadAnswer {
    /** Pieces written before the loop looks at its other connections. */
    private static final int PIECES_AT_ONCE = 16;

    private final Http1Output connection;
    private final Object held;
    private final Outgoing rest;
    private final ReadingPace pace;

    /** What was left when the pace was looked at last, negative before. */
    private long left = -1;

    private boolean isPumping;
    private boolean isLastWritten;

    /**
     * Makes one.
     *
     * @param held what is kept for the connection under its own name, if anything is
     * @param rest what is not written yet
     */
    UnreadAnswer(Http1Output connection, Object held, Outgoing rest) {
        this.connection = connection;
        this.held = held;
        this.rest = rest;
        ServerLoop loop = connection.loop();
        pace = new ReadingPace(loop.limits().writeTimeout().toNanos(), loop.nanoTime());
    }

    /** Returns what is kept for it in the account of its connection. */
    Object held() {
        return held;
    }

    /** Writes as much as the client takes now. */
    void pump(ChannelHandlerContext ctx) {
        if (isPumping) {
            return;
        }
        isPumping = true;
        try {
            for (int pieces = 0; rest.hasMore() && ctx.channel().isWritable(); pieces++) {
                if (pieces == PIECES_AT_ONCE) {
                    connection.loop().runLater(() -> pump(ctx));
                    return;
                }
                ctx.write(rest.next(ctx.alloc()), ctx.voidPromise());
                ctx.flush();
            }
            if (!rest.hasMore() && !isLastWritten) {
                isLastWritten = true;
                // Nothing, behind everything: written when all before it is.
                ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
                    if (written.isSuccess()) {
                        connection.caughtUp(this);
                    }
                });
            }
        } finally {
            isPumping = false;
        }
    }

    /** Returns whether the client has had its time. */
    boolean isTooSlow(ChannelHandlerContext ctx, long nowNanos) {
        long now = rest.remaining() + readable(ctx.channel());
        if (left >= 0) {
            pace.took(left - now, nowNanos);
        }
        left = now;
        return pace.isOver(nowNanos);
    }

    /** Returns how many bytes wait in the queue of the socket, to the byte. */
    private static long readable(Channel channel) {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (queue == null) {
            return 0;
        }
        long[] sum = new long[1];
        try {
            queue.forEachFlushedMessage(message -> {
                sum[0] += message instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
                return true;
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return sum[0];
    }
}

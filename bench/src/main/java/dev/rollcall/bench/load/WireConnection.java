package dev.rollcall.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One client connection of the load generator. Event loop only, but for {@link #close} and {@link #execute}. */
public final class WireConnection extends ChannelInboundHandlerAdapter implements Consumer<Answer> {
    private static final int REQUEST_BYTES = 512;

    /** Whose connection it is. Called on the connection's thread. */
    public interface Owner {
        /** The connection is open. */
        void onReady(WireConnection connection);

        /** An answer has come; it is valid during this call. */
        void onAnswer(WireConnection connection, Answer answer);

        /** The connection is closed, by whomever. */
        void onClosed(WireConnection connection);

        /** There is no connection. */
        void onFailed(Throwable cause);
    }

    private final LoadLoop loop;
    private final Owner owner;
    private final AnswerParser parser = new AnswerParser();
    private @Nullable ChannelHandlerContext context;

    WireConnection(LoadLoop loop, Owner owner) {
        this.loop = loop;
        this.owner = owner;
    }

    /** Returns the number of the thread this connection belongs to, from 0. */
    public int loopIndex() {
        return loop.index;
    }

    /** Returns a buffer for a request, to be given to {@link #send}. */
    public ByteBuf buffer() {
        return context().alloc().ioBuffer(REQUEST_BYTES);
    }

    /** Sends a request, unless it is empty, and releases its buffer. */
    public void send(ByteBuf request) {
        if (!request.isReadable()) {
            request.release();
            return;
        }
        ChannelHandlerContext to = context();
        to.writeAndFlush(request, to.voidPromise());
    }

    /** Stops or resumes reading. */
    public void read(boolean isReading) {
        context().channel().config().setAutoRead(isReading);
    }

    /** Closes the connection. Safe from any thread. */
    public void close() {
        context().close();
    }

    /** Runs something on the connection's thread. Safe from any thread. */
    public void execute(Runnable task) {
        context().executor().execute(task);
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext open = context;
        if (open == null) {
            throw new IllegalStateException("connection: not open yet (expected: open)");
        }
        return open;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        owner.onReady(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            ByteBuf received = (ByteBuf) message;
            parser.accept(loop.copy(received), received.readableBytes(), loop.answer, this);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /** An answer is complete. */
    @Override
    public void accept(Answer answer) {
        owner.onAnswer(this, answer);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        owner.onClosed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A reset is a close; what else goes wrong here is a fault of the bench and must not look like one of the
        // server.
        if (!(cause instanceof IOException)) {
            cause.printStackTrace();
        }
        ctx.close();
    }
}

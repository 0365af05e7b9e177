package dev.rollcall.server.http;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import org.jspecify.annotations.Nullable;

/** The way back to the sender of one HTTP/2 request; also told when a piece of its answer has been written. */
final class Http2Exchange extends LoopExchange implements ChannelFutureListener {
    private final Http2ServerConnection connection;
    private final int streamId;
    private final boolean isHead;
    private final boolean acceptsGzip;

    /** The answer while it is under way. */
    private @Nullable Outgoing outgoing;

    Http2Exchange(Http2ServerConnection connection, int streamId, boolean isHead, boolean acceptsGzip) {
        this.connection = connection;
        this.streamId = streamId;
        this.isHead = isHead;
        this.acceptsGzip = acceptsGzip;
    }

    int streamId() {
        return streamId;
    }

    boolean isHead() {
        return isHead;
    }

    boolean acceptsGzip() {
        return acceptsGzip;
    }

    @Nullable
    Outgoing outgoing() {
        return outgoing;
    }

    void outgoing(@Nullable Outgoing answer) {
        outgoing = answer;
    }

    @Override
    public void operationComplete(ChannelFuture future) {
        connection.written(this, future.isSuccess());
    }

    @Override
    ServerLoop loop() {
        return connection.loop();
    }

    @Override
    void deliver(Response response) {
        connection.answer(this, response);
    }

    @Override
    void abort() {
        connection.abort();
    }
}

package dev.rollcall.server.http.h2;

import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.io.LoopExchange;
import dev.rollcall.server.http.io.LoopStream;
import dev.rollcall.server.http.io.Outgoing;
import dev.rollcall.server.http.io.ServerLoop;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import org.jspecify.annotations.Nullable;

/** The way back to the sender of one HTTP/2 request; also told when a piece of its answer has been written. */
public final class Http2Exchange extends LoopExchange implements ChannelFutureListener {
    private final Http2ServerConnection connection;
    private final int streamId;
    private final boolean isHead;
    private final boolean acceptsGzip;

    /** The answer while it is under way. */
    private @Nullable Outgoing outgoing;

    public Http2Exchange(Http2ServerConnection connection, int streamId, boolean isHead, boolean acceptsGzip) {
        this.connection = connection;
        this.streamId = streamId;
        this.isHead = isHead;
        this.acceptsGzip = acceptsGzip;
    }

    public int streamId() {
        return streamId;
    }

    public boolean isHead() {
        return isHead;
    }

    public boolean acceptsGzip() {
        return acceptsGzip;
    }

    @Nullable
    public Outgoing outgoing() {
        return outgoing;
    }

    public void outgoing(@Nullable Outgoing answer) {
        outgoing = answer;
    }

    @Override
    public void operationComplete(ChannelFuture future) {
        connection.written(this, future.isSuccess());
    }

    @Override
    public ServerLoop loop() {
        return connection.loop();
    }

    @Override
    public void deliver(Response response) {
        connection.answer(this, response);
    }

    @Override
    public void begin(Response head, LoopStream stream) {
        connection.begin(this, head, stream);
    }

    @Override
    public void abort() {
        connection.abort();
    }

    @Override
    public void cutNow(boolean isReset) {
        connection.cut(isReset);
    }
}

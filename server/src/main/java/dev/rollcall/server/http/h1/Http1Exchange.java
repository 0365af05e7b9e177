package dev.rollcall.server.http.h1;

import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.io.LoopExchange;
import dev.rollcall.server.http.io.LoopStream;
import dev.rollcall.server.http.io.ServerLoop;

/** The way back to the sender of one HTTP/1 request. */
public final class Http1Exchange extends LoopExchange {
    private final Http1Connection connection;
    private final boolean isHead;
    private final boolean isKeepAlive;
    private final boolean acceptsGzip;
    private final boolean acceptsChunks;

    public Http1Exchange(
            Http1Connection connection,
            boolean isHead,
            boolean isKeepAlive,
            boolean acceptsGzip,
            boolean acceptsChunks) {
        this.acceptsChunks = acceptsChunks;
        this.connection = connection;
        this.isHead = isHead;
        this.isKeepAlive = isKeepAlive;
        this.acceptsGzip = acceptsGzip;
    }

    public boolean isHead() {
        return isHead;
    }

    public boolean isKeepAlive() {
        return isKeepAlive;
    }

    public boolean acceptsGzip() {
        return acceptsGzip;
    }

    /** Returns whether the client knows chunks, which those of HTTP/1.0 do not. */
    public boolean acceptsChunks() {
        return acceptsChunks;
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

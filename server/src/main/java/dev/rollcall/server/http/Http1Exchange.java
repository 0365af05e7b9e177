package dev.rollcall.server.http;

/** The way back to the sender of one HTTP/1 request. */
final class Http1Exchange extends LoopExchange {
    private final Http1Connection connection;
    private final boolean isHead;
    private final boolean isKeepAlive;
    private final boolean acceptsGzip;

    Http1Exchange(Http1Connection connection, boolean isHead, boolean isKeepAlive, boolean acceptsGzip) {
        this.connection = connection;
        this.isHead = isHead;
        this.isKeepAlive = isKeepAlive;
        this.acceptsGzip = acceptsGzip;
    }

    boolean isHead() {
        return isHead;
    }

    boolean isKeepAlive() {
        return isKeepAlive;
    }

    boolean acceptsGzip() {
        return acceptsGzip;
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

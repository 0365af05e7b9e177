package dev.rollcall.server.http;

import java.util.function.Supplier;

/** The way back to whoever sent one request. Safe from any thread. */
public interface Exchange {
    /** Sends the response; only the first call counts. Does nothing when the client is gone. */
    void respond(Response response);

    /**
     * Sends the response that {@code response} returns, as {@link #respond}. It is made when its turn has come to be written, so that a long one
     * is not there while others are written; if that throws, the client learns it by the end of the connection.
     */
    default void respondLazily(Supplier<Response> response) {
        respond(response.get());
    }

    /**
     * Begins a response that is sent piece by piece, and counts as the response. The stream is over from the start if there was one
     * already, or the client is gone.
     *
     * @param head the status and headers; its body is not sent
     */
    ResponseStream stream(Response head);

    /**
     * Runs {@code action} once, on any thread, if the client goes away before the response is sent: its connection closed, or, with
     * HTTP/2, its stream reset. At once if that has happened already. At most one action is kept for an exchange.
     */
    void onDisconnect(Runnable action);

    /**
     * Ends the connection behind what was sent of the response so far, which counts as the response if there was none. With HTTP/2 that ends
     * every other stream of the connection too. Does nothing when the client is gone or has the whole response.
     *
     * @param isReset whether the client is to see a reset, rather than an orderly end
     */
    void cut(boolean isReset);
}

package dev.rollcall.server.http;

/** Answers requests. Called on the event loop of the connection, so it must not block. */
@FunctionalInterface
public interface Handler {
    /**
     * Takes one request. {@link Exchange#respond} must be called once for it, now or later, on any thread. An exception thrown here
     * is answered with 500.
     */
    void handle(Request request, Exchange exchange);
}

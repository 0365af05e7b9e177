package dev.rollcall.client.transport;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Carries the requests of any number of clients and owns every thread that they use. Safe from any thread.
 *
 * <p>Clients hold state only: as many of them as there are may share one transport, and the number of threads stays what it is. A
 * transport given to a client is not closed by it. Clients survive a transport that throws, answers late or refuses.
 */
public interface Transport extends AutoCloseable {
    /**
     * Sends a request without blocking.
     *
     * @return the answer, whatever its status; completed exceptionally with an {@link java.io.IOException} if there is none, of type
     *     {@link java.net.http.HttpTimeoutException} if the request's timeout passed. Cancelling it drops the exchange. It completes on
     *     a thread of the transport, which whoever waits for it must not block
     */
    CompletableFuture<TransportResponse> send(TransportRequest request);

    /** Returns what runs the delayed work of the clients. */
    Scheduler scheduler();

    /**
     * Returns what runs listeners, callbacks and the dependents of futures. Code that runs there may block. A task that it refuses is
     * offered again for some seconds and then runs elsewhere.
     */
    Executor callbacks();

    /**
     * Calls {@code listener} whenever the machine seems to have slept, so that connections may be dead without anybody having been
     * told. A transport that cannot know never calls it.
     *
     * @return takes the listener away
     */
    default Cancellable onWake(Runnable listener) {
        return () -> {};
    }

    /**
     * Calls {@code listener} once when the transport is closed, so that clients end what waits for it; at once if it is closed already. A
     * transport that does not override this leaves its clients to find out.
     *
     * @return takes the listener away
     */
    default Cancellable onClose(Runnable listener) {
        return () -> {};
    }

    /** Returns whether the transport is closed, as far as it tells; {@code false} unless overridden. */
    default boolean isClosed() {
        return false;
    }

    /** Drops every exchange and stops; calls of clients that still use it fail, and their subscriptions end. */
    @Override
    void close();
}

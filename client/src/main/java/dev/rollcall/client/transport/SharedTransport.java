package dev.rollcall.client.transport;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One holder's share in the transport that all clients use which were given none. It exists while anybody holds a share, and is closed,
 * threads and all, with the last of them. Safe from any thread.
 */
public final class SharedTransport implements Transport {
    private static final Object LOCK = new Object();
    private static @Nullable HttpTransport shared;
    private static int holders;

    private final HttpTransport transport;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SharedTransport(HttpTransport transport) {
        this.transport = transport;
    }

    /** Returns a share; {@link #close} gives it back. */
    public static SharedTransport acquire() {
        synchronized (LOCK) {
            HttpTransport current = shared;
            if (current == null) {
                current = HttpTransport.create();
                shared = current;
            }
            holders++;
            return new SharedTransport(current);
        }
    }

    @Override
    public CompletableFuture<TransportResponse> send(TransportRequest request) {
        return transport.send(request);
    }

    @Override
    public Scheduler scheduler() {
        return transport.scheduler();
    }

    @Override
    public Executor callbacks() {
        return transport.callbacks();
    }

    @Override
    public Cancellable onWake(Runnable listener) {
        return transport.onWake(listener);
    }

    @Override
    public Cancellable onClose(Runnable listener) {
        return transport.onClose(listener);
    }

    @Override
    public boolean isClosed() {
        return transport.isClosed();
    }

    /** Gives the share back; the others' requests go on. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        HttpTransport last = null;
        synchronized (LOCK) {
            holders--;
            if (holders == 0) {
                last = shared;
                shared = null;
            }
        }
        if (last != null) {
            last.close();
        }
    }
}

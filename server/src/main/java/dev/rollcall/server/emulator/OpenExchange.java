package dev.rollcall.server.emulator;

import dev.rollcall.server.access.Operation;
import dev.rollcall.server.http.Exchange;
import dev.rollcall.server.http.Request;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.ResponseStream;
import org.jspecify.annotations.Nullable;

/** The way back to whoever sent one request, which {@link Traffic} may take from the route that has it. Safe from any thread. */
final class OpenExchange implements Exchange {
    final Request request;
    final Asked asked;
    final long epochMillis;
    final long sinceNanos;
    private final Exchange client;
    private final Traffic traffic;

    private Phase phase = Phase.HANDLING;
    private boolean isLinked;
    private @Nullable Runnable action;
    private volatile @Nullable String fault;

    private enum Phase {
        /** With its route, which has not returned yet. */
        HANDLING,
        /** With its route, which will answer later. */
        WAITING,
        /** Taken from its route: what that answers is lost. */
        HELD,
        /** Answered, or the client is gone. */
        DONE
    }

    OpenExchange(Traffic traffic, Request request, Exchange client) {
        this(traffic, request, Asked.of(request), client);
    }

    private OpenExchange(Traffic traffic, Request request, Asked asked, Exchange client) {
        this.traffic = traffic;
        this.request = request;
        this.asked = asked;
        this.client = client;
        epochMillis = traffic.epochMillis();
        sinceNanos = traffic.nanoTime();
    }

    /** Returns the same for another route, to be used once this is held. */
    OpenExchange again() {
        return new OpenExchange(traffic, request, asked, client);
    }

    void meets(String faultId) {
        fault = faultId;
    }

    @Nullable
    String fault() {
        return fault;
    }

    Exchange client() {
        return client;
    }

    /** Takes note that its route has returned. */
    synchronized void handled() {
        if (phase == Phase.HANDLING) {
            phase = Phase.WAITING;
        }
    }

    /** Returns whether somebody works on it: it is no subscribe that waits, nor was it taken from its route. */
    synchronized boolean isBusy() {
        return phase == Phase.HANDLING || phase == Phase.WAITING && asked.operation() != Operation.SUBSCRIBE;
    }

    @Override
    public void respond(Response response) {
        synchronized (this) {
            if (phase == Phase.HELD || phase == Phase.DONE) {
                return;
            }
            phase = Phase.DONE;
            action = null;
        }
        client.respond(response);
        traffic.ended(this, response.status());
    }

    /** Refuses: nothing on the client port is sent piece by piece, so nobody has worked out what a fault would do to it. */
    @Override
    public ResponseStream stream(Response head) {
        throw new UnsupportedOperationException(
                "stream: on the client port of an emulator (expected: on the admin port)");
    }

    @Override
    public void onDisconnect(Runnable wanted) {
        boolean isOver;
        boolean isFirst = false;
        synchronized (this) {
            if (phase == Phase.DONE) {
                return;
            }
            isOver = phase == Phase.HELD;
            if (!isOver) {
                action = wanted;
                isFirst = !isLinked;
                isLinked = true;
            }
        }
        if (isOver) {
            wanted.run();
        } else if (isFirst) {
            client.onDisconnect(this::gone);
        }
    }

    private void gone() {
        Runnable told;
        synchronized (this) {
            if (phase == Phase.DONE) {
                return;
            }
            phase = Phase.DONE;
            told = action;
            action = null;
        }
        traffic.ended(this, 0);
        if (told != null) {
            told.run();
        }
    }

    /**
     * Takes it from its route, for which the client is gone, and keeps the client waiting.
     *
     * @return whether it was still open
     */
    boolean hold() {
        Runnable told;
        boolean isFirst;
        synchronized (this) {
            if (phase == Phase.HELD || phase == Phase.DONE) {
                return false;
            }
            phase = Phase.HELD;
            told = action;
            action = null;
            isFirst = !isLinked;
            isLinked = true;
        }
        if (told != null) {
            told.run();
        }
        if (isFirst) {
            client.onDisconnect(this::gone);
        }
        return true;
    }
}

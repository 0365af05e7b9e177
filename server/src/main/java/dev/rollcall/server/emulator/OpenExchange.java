package dev.rollcall.server.emulator;

import dev.rollcall.server.access.Operation;
import dev.rollcall.server.emulator.fault.ActiveFault;
import dev.rollcall.server.emulator.fault.Asked;
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

    /** What its route has answered, while a fault has that. */
    private @Nullable Response answered;

    private boolean isBegun;
    private volatile @Nullable ActiveFault fault;

    private enum Phase {
        /** With its route, which has not returned yet. */
        HANDLING,
        /** With its route, which will answer later. */
        WAITING,
        /** Taken from its route: what that answers is lost. */
        HELD,
        /** Answered by its route, with an answer that a fault keeps from the client for now. */
        SENDING,
        /** Never to be answered. */
        LOST,
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

    void meets(ActiveFault met) {
        fault = met;
    }

    /** Returns the name of the fault that it meets, or null. */
    @Nullable
    String fault() {
        ActiveFault met = fault;
        return met == null ? null : met.id();
    }

    /** Takes note that its route has returned. */
    synchronized void handled() {
        if (phase == Phase.HANDLING) {
            phase = Phase.WAITING;
        }
    }

    /** Returns whether somebody works on it: it is no subscribe that waits, nor was it taken from its route. */
    synchronized boolean isBusy() {
        return phase == Phase.HANDLING
                || phase == Phase.SENDING
                || phase == Phase.WAITING && asked.operation() != Operation.SUBSCRIBE;
    }

    /** Returns whether it is a subscribe that waits for something to happen. */
    synchronized boolean isPolling() {
        return phase == Phase.WAITING && asked.operation() == Operation.SUBSCRIBE;
    }

    /** Returns whether a fault has it. */
    synchronized boolean isAstray() {
        return phase == Phase.SENDING || phase == Phase.LOST;
    }

    @Override
    public void respond(Response response) {
        ActiveFault met = fault;
        if (met == null || met.isEnded()) {
            send(response);
            return;
        }
        boolean isFirst;
        synchronized (this) {
            if (phase != Phase.HANDLING && phase != Phase.WAITING) {
                return;
            }
            phase = Phase.SENDING;
            answered = response;
            action = null;
            isFirst = !isLinked;
            isLinked = true;
        }
        if (isFirst) {
            client.onDisconnect(this::gone);
        }
        traffic.deliver(this, met, response);
        if (met.isEnded() && isAstray()) {
            // Taken away just now, by somebody who did not see this one.
            cut(true);
        }
    }

    /** Returns whether it was taken from its route. */
    synchronized boolean isHeld() {
        return phase == Phase.HELD;
    }

    /** Returns whether a fault still sends its answer. */
    synchronized boolean isSending() {
        return phase == Phase.SENDING;
    }

    /** Returns what its route had answered before it was held, or null if it had not, and so has to be asked again. */
    @Nullable
    synchronized Response answered() {
        return answered;
    }

    /** Returns whether the client has a part of its answer. */
    synchronized boolean isBegun() {
        return isBegun;
    }

    /** Answers the client, whatever a fault had in mind. */
    void send(Response response) {
        synchronized (this) {
            if (phase == Phase.HELD || phase == Phase.LOST || phase == Phase.DONE) {
                return;
            }
            phase = Phase.DONE;
            action = null;
        }
        client.respond(response);
        traffic.ended(this, response.status());
    }

    /** Begins to answer the client piece by piece. It is over with the stream, or when it is {@link #cut}. */
    ResponseStream begin(Response head) {
        synchronized (this) {
            isBegun = true;
        }
        ResponseStream stream = client.stream(head);
        stream.onOver(() -> over(head.status()));
        return stream;
    }

    private void over(int status) {
        synchronized (this) {
            if (phase == Phase.DONE) {
                return;
            }
            phase = Phase.DONE;
        }
        traffic.ended(this, status);
    }

    /** Keeps the client waiting for ever: until it gives up, or this is {@link #cut}. */
    void lose() {
        boolean isFirst;
        synchronized (this) {
            if (phase == Phase.HELD || phase == Phase.DONE) {
                return;
            }
            phase = Phase.LOST;
            isFirst = !isLinked;
            isLinked = true;
        }
        if (isFirst) {
            client.onDisconnect(this::gone);
        }
    }

    /** Ends the connection of the client, in whichever state the request is. */
    @Override
    public void cut(boolean isReset) {
        client.cut(isReset);
        gone();
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
            if (phase == Phase.DONE || phase == Phase.SENDING || phase == Phase.LOST) {
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
            if (phase == Phase.HELD || phase == Phase.LOST || phase == Phase.DONE) {
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

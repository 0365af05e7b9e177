package dev.rollcall.server.http;

import dev.rollcall.engine.daemon.FatalErrors;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An exchange that belongs to a connection, and thereby to an event loop. One field tells its state, for there is one such object for
 * each parked poll.
 */
abstract class LoopExchange implements Exchange {
    private static final Logger log = LoggerFactory.getLogger(LoopExchange.class);
    private static final Object ANSWERED = new Object();
    private static final Object DISCONNECTED = new Object();

    /** The client sends no more, and may still read: nobody has asked to be told so far. */
    private static final Object HALF_CLOSED = new Object();

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(LoopExchange.class, "state", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Null, the action of {@link #onDisconnect} or half closed while open, then one of the other constants. */
    private volatile @Nullable Object state;

    /** Used by the {@link Outbox} while the answer is in it. */
    @Nullable
    Response response;

    /** Used by the {@link Outbox} while the answer is in it. */
    @Nullable
    LoopExchange next;

    /** Returns the loop of the connection. */
    abstract ServerLoop loop();

    /** Writes the answer to the connection, if that is still there. Event loop only. */
    abstract void deliver(Response response);

    /** Closes the connection, because its answer could not be written. Event loop only. */
    abstract void abort();

    /** Writes the answer; if that fails, the client learns it by the end of the connection. Event loop only. */
    final void deliverOrAbort(Response response) {
        try {
            deliver(response);
        } catch (RuntimeException | Error e) {
            loop().failed("answer not written status=" + response.status(), e);
            abort();
        }
    }

    @Override
    public final void respond(Response response) {
        Object current;
        do {
            current = state;
            if (current == ANSWERED || current == DISCONNECTED) {
                return;
            }
        } while (!STATE.compareAndSet(this, current, ANSWERED));
        loop().send(this, response);
    }

    @Override
    public final void onDisconnect(Runnable action) {
        Object current;
        do {
            current = state;
            if (current == ANSWERED) {
                return;
            }
            if (current == DISCONNECTED) {
                action.run();
                return;
            }
        } while (!STATE.compareAndSet(this, current, current == HALF_CLOSED ? DISCONNECTED : action));
        if (current == HALF_CLOSED) {
            action.run();
            loop().runLater(this::abort);
        }
    }

    /**
     * Takes note that the client sends no more. Returns whether somebody waits to be told when it is gone, who takes it for that: whoever
     * waits for messages can be seen to go by nothing else. Where nobody does, the answer may still be read.
     */
    final boolean isAbandoned() {
        return !STATE.compareAndSet(this, null, HALF_CLOSED) && state instanceof Runnable;
    }

    /** Takes note that the client is gone. */
    final void disconnected() {
        Object current;
        do {
            current = state;
            if (current == ANSWERED || current == DISCONNECTED) {
                return;
            }
        } while (!STATE.compareAndSet(this, current, DISCONNECTED));
        if (current instanceof Runnable action) {
            try {
                action.run();
            } catch (RuntimeException | Error e) {
                FatalErrors.check(e);
                // the end of the connection has to be worked off to the end
                log.error("action at disconnect failed", e);
            }
        }
    }
}

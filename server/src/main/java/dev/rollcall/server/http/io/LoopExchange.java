package dev.rollcall.server.http.io;

import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.server.http.Exchange;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.ResponseStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An exchange that belongs to a connection, and thereby to an event loop. One field tells its state, for there is one such object for
 * each parked poll.
 */
public abstract class LoopExchange implements Exchange {
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

    /** Null, the action of {@link #onDisconnect} or half closed while open, then a stream or one of the other constants. */
    private volatile @Nullable Object state;

    /** The answer, or what makes it. Used by the {@link Outbox} while it is in there. */
    @Nullable
    Object response;

    /** Used by the {@link Outbox} while the answer is in it. */
    @Nullable
    LoopExchange next;

    /** Returns the loop of the connection. */
    public abstract ServerLoop loop();

    /** Writes the answer to the connection, if that is still there. Event loop only. */
    public abstract void deliver(Response response);

    /** Writes the head of an answer that is streamed, and from then on what waits in the stream. Event loop only. */
    public abstract void begin(Response head, LoopStream stream);

    /** Closes the connection, because its answer could not be written. Event loop only. */
    public abstract void abort();

    /** Closes the connection without a word, by a reset or in order. Event loop only. */
    public void cutNow(boolean isReset) {
        abort();
    }

    /**
     * Writes the answer, or what {@code answer} makes; if that fails, the client learns it by the end of the connection. Returns how many
     * bytes were made for it. Event loop only.
     */
    final int deliverOrAbort(Object answer) {
        try {
            if (answer instanceof Response whole) {
                deliver(whole);
                return 0;
            }
            Response made = (Response) ((Supplier<?>) answer).get();
            deliver(made);
            return made.body().length;
        } catch (RuntimeException | Error e) {
            loop().failed("answer not written", e);
            abort();
            return 0;
        }
    }

    @Override
    public final void respond(Response response) {
        send(response);
    }

    @Override
    public final void respondLazily(Supplier<Response> response) {
        send(response);
    }

    private void send(Object answer) {
        Object current;
        do {
            current = state;
            if (isAnswered(current) || current == DISCONNECTED) {
                return;
            }
        } while (!STATE.compareAndSet(this, current, ANSWERED));
        loop().send(this, answer);
    }

    private static boolean isAnswered(@Nullable Object state) {
        return state == ANSWERED || state instanceof LoopStream;
    }

    @Override
    public final ResponseStream stream(Response head) {
        LoopStream stream = new LoopStream(loop());
        Object current;
        do {
            current = state;
            if (isAnswered(current) || current == DISCONNECTED) {
                stream.over();
                return stream;
            }
        } while (!STATE.compareAndSet(this, current, current == HALF_CLOSED ? DISCONNECTED : stream));
        if (current == HALF_CLOSED) {
            // A stream has no end to wait for, so whoever sends no more is taken to be gone.
            stream.over();
            loop().runLater(this::abort);
        } else if (!loop().execute(() -> beginOrAbort(head, stream))) {
            stream.over();
        }
        return stream;
    }

    private void beginOrAbort(Response head, LoopStream stream) {
        try {
            begin(head, stream);
        } catch (RuntimeException | Error e) {
            loop().failed("stream not begun status=" + head.status(), e);
            stream.over();
            abort();
        }
    }

    @Override
    public final void onDisconnect(Runnable action) {
        Object current;
        do {
            current = state;
            if (isAnswered(current)) {
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

    @Override
    public final void cut(boolean isReset) {
        Object current;
        do {
            current = state;
            if (current == ANSWERED || current == DISCONNECTED) {
                return;
            }
        } while (!(current instanceof LoopStream) && !STATE.compareAndSet(this, current, ANSWERED));
        // Behind the pieces of a stream, which go the same way.
        var unused = loop().execute(() -> cutNow(isReset));
    }

    /**
     * Takes note that the client sends no more. Returns whether somebody waits to be told when it is gone, who takes it for that: whoever
     * waits for messages, or has a stream, can be seen to go by nothing else. Where nobody does, the answer may still be read.
     */
    public final boolean isAbandoned() {
        if (STATE.compareAndSet(this, null, HALF_CLOSED)) {
            return false;
        }
        Object current = state;
        return current instanceof Runnable || current instanceof LoopStream;
    }

    /** Takes note that the client is gone. */
    public final void disconnected() {
        Object current;
        do {
            current = state;
            if (current == ANSWERED || current == DISCONNECTED) {
                return;
            }
        } while (!STATE.compareAndSet(this, current, DISCONNECTED));
        if (current instanceof LoopStream stream) {
            stream.over();
        } else if (current instanceof Runnable action) {
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

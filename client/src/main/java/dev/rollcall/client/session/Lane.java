package dev.rollcall.client.session;

import dev.rollcall.client.Envelope;
import dev.rollcall.client.RollcallException;
import dev.rollcall.client.rest.ApiRequest;
import dev.rollcall.client.rest.Caller;
import dev.rollcall.client.rest.Failures;
import dev.rollcall.client.run.SerialExecutor;
import dev.rollcall.client.transport.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The one queue through which the service hears what a client wants: handshakes, heartbeats, states and leaves, one request at a time, in
 * order. Requests on connections of their own may overtake each other; a leave that a handshake overtakes would leave a ghost, and an older
 * state that comes last would stay. What a step says is put together when its turn comes, so it says what is wanted then. NOT thread-safe:
 * runs on the session's serial executor.
 */
@SuppressWarnings("ReferenceEquality") // one step is told from another by identity
final class Lane {
    /** How long a client that closes waits for what is on its way. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Steps that may wait. */
    static final int LIMIT = 10_000;

    private final Caller caller;
    private final Scheduler scheduler;
    private final SerialExecutor serial;
    private final Deque<Step<?>> waiting = new ArrayDeque<>();
    private @Nullable Step<?> current;
    private @Nullable ApiRequest<?> currentRequest;
    private @Nullable CompletableFuture<?> exchange;
    private boolean moving;

    /** One thing to say. */
    abstract static class Step<R> {
        /** Returns what to send now; null if there is nothing to say any more, and then the step is over. */
        abstract @Nullable ApiRequest<R> request();

        /** The service answered well. */
        abstract void answered(Envelope<R> envelope);

        /** It did not, or there was no answer. */
        abstract void failed(RollcallException failure);

        /** The step was taken out before its turn. */
        void dropped() {}
    }

    Lane(Caller caller, Scheduler scheduler, SerialExecutor serial) {
        this.caller = caller;
        this.scheduler = scheduler;
        this.serial = serial;
    }

    /** Adds a step at the end; returns whether there was room. */
    boolean add(Step<?> step) {
        if (waiting.size() >= LIMIT) {
            return false;
        }
        waiting.add(step);
        move();
        return true;
    }

    /** As {@link #add}, however full it is: for what there is one of. */
    void addAlways(Step<?> step) {
        waiting.add(step);
        move();
    }

    /** Puts a step before all others: it is not over yet. */
    void addFirst(Step<?> step) {
        waiting.addFirst(step);
        move();
    }

    /** Returns the step that is to come last, or null if none waits. */
    @Nullable
    Step<?> last() {
        return waiting.peekLast();
    }

    /** What is on its way gets a moment only, if anything waits behind it: the client is closing. */
    void hurry() {
        Step<?> slow = current;
        if (slow != null) {
            scheduler.schedule(
                    PATIENCE,
                    () -> serial.execute(() -> {
                        if (current == slow && !waiting.isEmpty()) {
                            abort("the client is closing");
                        }
                    }));
        }
    }

    /** Returns whether a step is being answered now. */
    boolean isUnderWay(@Nullable Step<?> step) {
        return step != null && current == step;
    }

    /** Takes a step out, its request too if it is on its way; it is told nothing but that it was dropped. */
    void remove(Step<?> step) {
        if (current == step) {
            current = null;
            cancelExchange();
            step.dropped();
            move();
        } else if (waiting.remove(step)) {
            step.dropped();
        }
    }

    /** Takes out all that waits and matches. */
    void removeWaiting(Predicate<Step<?>> which) {
        List<Step<?>> gone = new ArrayList<>();
        waiting.removeIf(step -> which.test(step) && gone.add(step));
        gone.forEach(Step::dropped);
    }

    /** Fails what is on its way, and goes on. */
    private void abort(String why) {
        Step<?> step = current;
        ApiRequest<?> request = currentRequest;
        if (step != null && request != null) {
            current = null;
            cancelExchange();
            step.failed(Failures.ofExchange(request, new IOException("given up: " + why)));
            move();
        }
    }

    private void cancelExchange() {
        CompletableFuture<?> running = exchange;
        exchange = null;
        if (running != null) {
            running.cancel(true);
        }
    }

    private void move() {
        if (moving) {
            return;
        }
        moving = true;
        try {
            while (current == null && !waiting.isEmpty()) {
                begin(waiting.remove());
            }
        } finally {
            moving = false;
        }
    }

    private <R> void begin(Step<R> step) {
        ApiRequest<R> request = step.request();
        if (request == null) {
            return;
        }
        current = step;
        currentRequest = request;
        CompletableFuture<Envelope<R>> sent = caller.send(request);
        if (current == step) {
            exchange = sent;
        }
        sent.whenComplete((envelope, failure) -> serial.execute(() -> {
            if (current != step) {
                return;
            }
            current = null;
            exchange = null;
            try {
                if (failure == null) {
                    step.answered(envelope);
                } else {
                    step.failed(Failures.ofExchange(request, failure));
                }
            } finally {
                move();
            }
        }));
    }

    /** Drops everything. */
    void clear() {
        removeWaiting(step -> true);
        Step<?> step = current;
        if (step != null) {
            remove(step);
        }
    }

    /** The failure of a step that was dropped. */
    static RollcallException cancelled(ApiRequest<?> request) {
        return Failures.ofExchange(request, new CancellationException("the client was closed"));
    }
}

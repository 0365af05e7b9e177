package dev.rollcall.server.http.io;

import dev.rollcall.engine.daemon.FatalErrors;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers on their way to one event loop. Any thread adds, the loop drains: in order of arrival, in slices between which the loop
 * serves its sockets, and with at most one drain scheduled. The exchanges themselves are the links of the queue, so that adding
 * allocates nothing.
 */
final class Outbox implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Outbox.class);

    /** Answers written before the loop looks at its sockets again. */
    static final int SLICE = 256;

    /** Bytes of answers that are made here after which the loop looks at its sockets again. */
    static final int SLICE_BYTES = 1024 * 1024;

    private final EventLoop eventLoop;
    private final LongSupplier ticker;

    /** The exchange added last, linked to those before it. */
    private final AtomicReference<@Nullable LoopExchange> newest = new AtomicReference<>();

    private final AtomicBoolean isScheduled = new AtomicBoolean();

    // The rest belongs to the loop.
    private @Nullable LoopExchange oldest;
    private final List<Connection> toFlush = new ArrayList<>(SLICE);
    private boolean isDraining;
    private long drainingSince;

    Outbox(EventLoop eventLoop, LongSupplier ticker) {
        this.eventLoop = eventLoop;
        this.ticker = ticker;
    }

    /** Returns whether a slice is being written. */
    boolean isDraining() {
        return isDraining;
    }

    /** Returns when that began: a slice takes a few milliseconds, and a look at the clock is a part of what an answer costs. */
    long drainingSince() {
        return drainingSince;
    }

    /** Adds an answer, or what makes it. Safe from any thread. */
    void add(LoopExchange exchange, Object response) {
        exchange.response = response;
        LoopExchange top;
        do {
            top = newest.get();
            exchange.next = top;
        } while (!newest.compareAndSet(top, exchange));
        scheduleOnce();
    }

    /** Has the connection flushed at the end of the slice. Returns false if there is none, and the caller has to flush. */
    boolean flushLater(Connection connection) {
        if (isDraining) {
            toFlush.add(connection);
        }
        return isDraining;
    }

    /** Drains one slice. */
    @Override
    public void run() {
        drainingSince = ticker.getAsLong();
        isDraining = true;
        try {
            int bytes = 0;
            for (int i = 0; i < SLICE && bytes < SLICE_BYTES; i++) {
                LoopExchange exchange = poll();
                if (exchange == null) {
                    break;
                }
                bytes += deliver(exchange);
            }
        } finally {
            // Whatever happens: an outbox that takes itself for scheduled never runs again.
            isDraining = false;
            flushAll();
            goOn();
        }
    }

    private void goOn() {
        if (oldest != null) {
            // Scheduled and not executed: a task executed now would run before the loop returns to its sockets.
            eventLoop.schedule(this, 0, TimeUnit.NANOSECONDS);
            return;
        }
        isScheduled.set(false);
        if (newest.get() != null) {
            scheduleOnce();
        }
    }

    private void scheduleOnce() {
        if (isScheduled.get() || !isScheduled.compareAndSet(false, true)) {
            return;
        }
        try {
            eventLoop.execute(this);
        } catch (RejectedExecutionException e) {
            log.debug("answer after the end of the event loop", e);
        }
    }

    private @Nullable LoopExchange poll() {
        if (oldest == null) {
            oldest = reversed(newest.getAndSet(null));
        }
        LoopExchange exchange = oldest;
        if (exchange != null) {
            oldest = exchange.next;
            exchange.next = null;
        }
        return exchange;
    }

    private static @Nullable LoopExchange reversed(@Nullable LoopExchange top) {
        LoopExchange head = null;
        LoopExchange rest = top;
        while (rest != null) {
            LoopExchange following = rest.next;
            rest.next = head;
            head = rest;
            rest = following;
        }
        return head;
    }

    private static int deliver(LoopExchange exchange) {
        Object response = exchange.response;
        exchange.response = null;
        return response == null ? 0 : exchange.deliverOrAbort(response);
    }

    private void flushAll() {
        for (Connection connection : toFlush) {
            try {
                connection.flush();
            } catch (RuntimeException | Error e) {
                FatalErrors.check(e);
                log.error("connection not flushed", e);
            }
        }
        toFlush.clear();
    }
}

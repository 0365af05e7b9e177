package dev.rollcall.server.http;

import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.server.http.HttpMetrics.DropReason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the connections of one event loop share: their list, the clock, the outbox, the prepared headers. All of it belongs to the
 * thread of the loop, but for {@link #send}.
 */
final class ServerLoop {
    private static final Logger log = LoggerFactory.getLogger(ServerLoop.class);

    private final EventLoop eventLoop;
    private final Handler handler;
    private final HttpLimits limits;
    private final TrustedProxies proxies;
    private final BufferBudget buffers;
    private final HttpMetrics metrics;
    private final LongSupplier ticker;
    private final Outbox outbox;
    private final HttpDate date;
    private final ResponseGzip gzip = new ResponseGzip();
    private final Http1Responses http1Responses;
    private final Http2Responses http2Responses;

    private final List<Connection> connections = new ArrayList<>();
    private boolean isStopping;
    private @Nullable LoopExchange handedOver;

    ServerLoop(
            EventLoop eventLoop, Handler handler, HttpServerOptions options, HttpMetrics metrics, LongSupplier ticker) {
        this.eventLoop = eventLoop;
        this.handler = handler;
        limits = options.limits();
        proxies = options.trustedProxies();
        buffers = new BufferBudget(limits.totalBufferedBytes() / options.eventLoops());
        this.metrics = metrics;
        this.ticker = ticker;
        outbox = new Outbox(eventLoop);
        date = new HttpDate(System.currentTimeMillis());
        http1Responses = new Http1Responses(date, gzip);
        http2Responses = new Http2Responses(date, gzip);
    }

    /** Starts the sweep that runs all timeouts of the loop. */
    void start() {
        long interval = limits.sweepInterval().toNanos();
        eventLoop.scheduleWithFixedDelay(this::sweep, interval, interval, TimeUnit.NANOSECONDS);
    }

    HttpLimits limits() {
        return limits;
    }

    /** Returns what waits on the connections of the loop. */
    BufferBudget buffers() {
        return buffers;
    }

    /** Begins a request, for whomever it is. */
    RequestAssembly begin(Channel channel, RequestAssembly.Head head, long nowNanos) throws Refusal {
        InetAddress client = proxies.client(RemoteAddress.of(channel), head);
        return RequestAssembly.begin(head, client, limits, nowNanos);
    }

    /** Adds to the body of a request, unless too much waits already. */
    void append(RequestAssembly assembly, ByteBuf content) throws Refusal {
        if (content.isReadable() && buffers.isSpent()) {
            metrics.onDropped(DropReason.BUFFERS_FULL);
            throw new Refusal(ErrorCode.RATE_LIMITED);
        }
        buffers.add(content.readableBytes());
        assembly.append(content);
    }

    HttpMetrics metrics() {
        return metrics;
    }

    Http1Responses http1Responses() {
        return http1Responses;
    }

    Http2Responses http2Responses() {
        return http2Responses;
    }

    long nanoTime() {
        return ticker.getAsLong();
    }

    boolean isStopping() {
        return isStopping;
    }

    void add(Connection connection) {
        connection.slot(connections.size());
        connections.add(connection);
    }

    /** Takes the connection off the list; does nothing if it is not in it. */
    void remove(Connection connection) {
        int slot = connection.slot();
        if (slot < 0) {
            return;
        }
        // the last one takes its place
        Connection last = connections.remove(connections.size() - 1);
        if (last.slot() != slot) {
            connections.set(slot, last);
            last.slot(slot);
        }
        connection.slot(-1);
    }

    /** Hands the request to the handler, and turns what it throws into a 500. */
    void handle(Request request, LoopExchange exchange) {
        handedOver = exchange;
        try {
            handler.handle(request, exchange);
        } catch (RuntimeException | Error e) {
            FatalErrors.check(e);
            // no path: that of a revocation has the token in it
            log.error("handler failed method={}", request.method(), e);
            exchange.respond(Refusal.response(ErrorCode.INTERNAL, ErrorCode.INTERNAL.text()));
        } finally {
            handedOver = null;
        }
    }

    /**
     * Brings an answer to its connection. Safe from any thread. An answer given while its own request is being handled is written at
     * once; any other goes through the outbox, so that whoever answers ten thousand polls in a row on an event loop neither holds up
     * its connections nor is called back by the requests that follow.
     */
    void send(LoopExchange exchange, Response response) {
        if (eventLoop.inEventLoop() && exchange.equals(handedOver)) {
            exchange.deliverOrAbort(response);
            return;
        }
        outbox.add(exchange, response);
    }

    /** Has the connection flushed when the outbox has written all it can, and returns true; returns false outside of that. */
    boolean flushLater(Connection connection) {
        return outbox.flushLater(connection);
    }

    /** Closes idle connections, and has the others close with their next answer. Safe from any thread. */
    void stop() {
        eventLoop.execute(() -> {
            isStopping = true;
            // Every answer from now on closes its connection, so none is shared.
            http1Responses.release();
            for (int i = connections.size() - 1; i >= 0; i--) {
                connections.get(i).stop();
            }
        });
    }

    private void sweep() {
        date.refresh(System.currentTimeMillis());
        long now = ticker.getAsLong();
        long buffered = 0;
        // backwards: a connection that leaves the list is replaced by the last one
        for (int i = connections.size() - 1; i >= 0; i--) {
            try {
                Connection connection = connections.get(i);
                buffered += connection.bufferedBytes();
                connection.sweep(now);
            } catch (RuntimeException e) {
                log.warn("sweep of a connection failed", e);
            }
        }
        buffers.counted(buffered);
    }
}

package dev.rollcall.server.http.io;

import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.server.http.AllowedHosts;
import dev.rollcall.server.http.Handler;
import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.HttpMetrics;
import dev.rollcall.server.http.HttpMetrics.RefusalReason;
import dev.rollcall.server.http.HttpServerOptions;
import dev.rollcall.server.http.Request;
import dev.rollcall.server.http.RequestHead;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.body.Refusal;
import dev.rollcall.server.http.body.RequestAssembly;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the connections of one event loop share: their list, the clock, the outbox, the prepared headers. All of it belongs to the
 * thread of the loop, but for {@link #send}.
 */
public final class ServerLoop {
    private static final Logger log = LoggerFactory.getLogger(ServerLoop.class);

    private final EventLoop eventLoop;
    private final Handler handler;
    private final HttpServerOptions options;
    private final HttpLimits limits;
    private final BufferBudget buffers;
    private final HttpMetrics metrics;
    private final LongSupplier ticker;
    private final Outbox outbox;
    private final HttpDate date;
    private final Http1Responses http1Responses;
    private final Http2Responses http2Responses;

    private final ConnectionWheel connections;
    private final @Nullable PlainHead plainHead;
    private boolean isStopping;
    private @Nullable LoopExchange handedOver;

    public ServerLoop(
            EventLoop eventLoop,
            Handler handler,
            HttpServerOptions options,
            BufferBudget buffers,
            HttpMetrics metrics,
            LongSupplier ticker) {
        this.eventLoop = eventLoop;
        this.handler = handler;
        this.options = options;
        limits = options.limits();
        this.buffers = buffers;
        this.metrics = metrics;
        this.ticker = ticker;
        connections = new ConnectionWheel(
                limits.sweepInterval().toNanos(), limits.idleTimeout().toNanos(), ticker.getAsLong());
        // Where heads are kept, they are those of the decoder.
        plainHead = options.hosts() == null ? new PlainHead(limits) : null;
        outbox = new Outbox(eventLoop, ticker);
        date = new HttpDate(System.currentTimeMillis());
        ResponseHeaders headers = new ResponseHeaders(options.isCrossOrigin());
        ResponseGzip gzip = new ResponseGzip();
        http1Responses = new Http1Responses(headers, date, gzip);
        http2Responses = new Http2Responses(headers, date, gzip);
    }

    /** Starts the sweep that runs all timeouts of the loop, of those connections that may have run out of one. */
    public void start() {
        long interval = limits.sweepInterval().toNanos();
        eventLoop.scheduleWithFixedDelay(this::sweep, interval, interval, TimeUnit.NANOSECONDS);
    }

    public HttpLimits limits() {
        return limits;
    }

    /** Returns the account of what the server keeps for a connection that is behind. */
    public BufferBudget.Account openAccount(Channel channel, Connection connection) {
        return buffers.open(RemoteAddress.of(channel), reason -> {
            if (eventLoop.inEventLoop()) {
                connection.drop(reason);
            } else {
                eventLoop.execute(() -> connection.drop(reason));
            }
        });
    }

    /** Begins a request, for whomever it is. */
    public RequestAssembly begin(Channel channel, RequestHead head, long nowNanos) throws Refusal {
        InetAddress client = options.trustedProxies().client(RemoteAddress.of(channel), head);
        RequestAssembly assembly = RequestAssembly.begin(head, client, limits, nowNanos);
        AllowedHosts hosts = options.hosts();
        if (hosts != null && !hosts.allows(head.host(), assembly.path())) {
            metrics.onRefused(RefusalReason.HOST);
            throw new Refusal(ErrorCode.FORBIDDEN, hosts.complaint(head.host()));
        }
        if (hosts != null) {
            // Whoever is only asked by some looks at who asks.
            assembly.keep(head);
        }
        return assembly;
    }

    /** Returns the answer as it goes out: an error in place of one that is too long. */
    public Response checked(Response response) {
        int length = response.body().length;
        if (length <= limits.answerBytes()) {
            return response;
        }
        metrics.onRefused(RefusalReason.ANSWER_TOO_LONG);
        return Refusal.response(
                ErrorCode.MALFORMED_REQUEST,
                "max-answer-bytes: the answer has " + length + " bytes (expected: at most " + limits.answerBytes()
                        + "; ask for fewer channels, for a page, or without state)");
    }

    /** Returns what is answered where the server keeps too much already; to be counted. */
    public Response tooMuchKept(RefusalReason reason, String setting) {
        metrics.onRefused(reason);
        return Refusal.response(ErrorCode.RATE_LIMITED, ErrorCode.RATE_LIMITED.text() + ", " + setting);
    }

    /** Returns whether {@code OPTIONS} is answered here, for pages of other origins. */
    public boolean answersPreflights() {
        return options.isCrossOrigin();
    }

    public HttpMetrics metrics() {
        return metrics;
    }

    public Http1Responses http1Responses() {
        return http1Responses;
    }

    public Http2Responses http2Responses() {
        return http2Responses;
    }

    /** Returns what reads plain heads, null where all go through the decoder. */
    public @Nullable PlainHead plainHead() {
        return plainHead;
    }

    /** Returns the time; while answers are written one after the other, that of the first of them. */
    public long nanoTime() {
        return outbox.isDraining() ? outbox.drainingSince() : ticker.getAsLong();
    }

    /** Returns whether a handler has a request at this moment, on this thread: what is answered now is answered at once. */
    public boolean isHandling() {
        return handedOver != null;
    }

    public boolean isStopping() {
        return isStopping;
    }

    /** Takes on a connection. */
    public void add(Connection connection) {
        connections.add(connection);
    }

    /** Takes the connection off the list; does nothing if it is not in it. */
    public void remove(Connection connection) {
        connections.remove(connection);
    }

    /**
     * Has the connection looked at by the next sweep. To be called when something begins that may run out of time before the connection
     * would be looked at anyway.
     */
    public void lookSoon(Connection connection) {
        connections.lookSoon(connection);
    }

    /** Hands the request to the handler, and turns what it throws into an answer. */
    public void handle(Request request, LoopExchange exchange) {
        handedOver = exchange;
        try {
            handler.handle(request, exchange);
        } catch (ProtocolException e) {
            metrics.onRequestRefused(e.code().status());
            exchange.respond(Refusal.response(e.code(), e.text()));
        } catch (RuntimeException | Error e) {
            FatalErrors.check(e);
            // no path: that of a revocation has the token in it
            failed("handler failed method=" + request.method(), e);
            exchange.respond(Refusal.response(ErrorCode.INTERNAL, ErrorCode.INTERNAL.text()));
        } finally {
            handedOver = null;
        }
    }

    /** Takes down that something failed which should not, unless the process ends by it. */
    public void failed(String what, Throwable failure) {
        FatalErrors.check(failure);
        metrics.onError();
        log.error("{}", what, failure);
    }

    /**
     * Brings an answer to its connection. Safe from any thread. An answer given while its own request is being handled is written at
     * once; any other goes through the outbox, so that whoever answers ten thousand polls in a row on an event loop neither holds up
     * its connections nor is called back by the requests that follow.
     */
    void send(LoopExchange exchange, Object response) {
        if (eventLoop.inEventLoop() && exchange.equals(handedOver)) {
            exchange.deliverOrAbort(response);
            return;
        }
        outbox.add(exchange, response);
    }

    /** Has the connection flushed when the outbox has written all it can, and returns true; returns false outside of that. */
    public boolean flushLater(Connection connection) {
        return outbox.flushLater(connection);
    }

    /** Runs {@code task} on the loop, and returns true; returns false if that has ended. Safe from any thread. */
    boolean execute(Runnable task) {
        try {
            eventLoop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            log.debug("task after the end of the event loop", e);
            return false;
        }
    }

    /** Runs {@code task} on the loop after it has looked at its sockets. */
    public void runLater(Runnable task) {
        eventLoop.schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    /** Closes idle connections, and has the others close with their next answer. Safe from any thread. */
    public void stop() {
        eventLoop.execute(() -> {
            isStopping = true;
            // Every answer from now on closes its connection, so none is shared.
            http1Responses.release();
            connections.forEach(connection -> {
                try {
                    connection.stop();
                } catch (RuntimeException | Error e) {
                    failed("a connection could not be stopped", e);
                }
            });
        });
    }

    private void sweep() {
        try {
            date.refresh(System.currentTimeMillis());
            connections.turn(ticker.getAsLong(), this::sweep);
        } catch (RuntimeException | Error e) {
            // Whatever is thrown out of here ends all timeouts of the loop.
            failed("sweep failed", e);
        }
    }

    private long sweep(Connection connection, long now) {
        try {
            return connection.sweep(now);
        } catch (RuntimeException | Error e) {
            failed("sweep of a connection failed", e);
            return now;
        }
    }
}

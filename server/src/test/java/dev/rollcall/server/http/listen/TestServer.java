package dev.rollcall.server.http.listen;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rollcall.server.http.Exchange;
import dev.rollcall.server.http.Handler;
import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.HttpMetrics;
import dev.rollcall.server.http.HttpMetrics.DropReason;
import dev.rollcall.server.http.HttpMetrics.RefusalReason;
import dev.rollcall.server.http.HttpServerOptions;
import dev.rollcall.server.http.Request;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.TlsFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A server on a free port, with a clock that the test moves, and a handler that shows what it was given. */
final class TestServer implements AutoCloseable {
    private static final Duration SWEEP = Duration.ofMillis(10);
    private static final long PATIENCE_SECONDS = 60;

    /** Starts shortly before the clock overflows, as a real one may. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(5));

    final List<DropReason> drops = new CopyOnWriteArrayList<>();
    final List<Integer> refusals = new CopyOnWriteArrayList<>();
    final List<RefusalReason> refusedFor = new CopyOnWriteArrayList<>();
    final AtomicInteger errors = new AtomicInteger();
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final BlockingQueue<Parked> parked = new LinkedBlockingQueue<>();
    final HttpServer server;

    /** A request that waits for its answer. */
    record Parked(Request request, Exchange exchange) {}

    private TestServer(HttpLimits limits, TlsFiles tls, int eventLoops, Handler handler) {
        HttpServerOptions options = new HttpServerOptions("127.0.0.1", 0, eventLoops, tls, limits);
        server = HttpServer.bind(options, metrics(), handler == null ? this::handle : handler, nanos::get);
    }

    /** Parks {@code /park}, and echoes method, path, query and body of everything else. */
    static TestServer start() {
        return start(limits -> {});
    }

    static TestServer start(Consumer<HttpLimits.Builder> change) {
        return new TestServer(limits(change), null, 2, null);
    }

    static TestServer start(Handler handler) {
        return new TestServer(limits(limits -> {}), null, 2, handler);
    }

    static TestServer start(Consumer<HttpLimits.Builder> change, Handler handler) {
        return new TestServer(limits(change), null, 2, handler);
    }

    static TestServer start(TlsFiles tls) {
        return new TestServer(limits(limits -> {}), tls, 2, null);
    }

    static TestServer start(TlsFiles tls, Consumer<HttpLimits.Builder> change) {
        return new TestServer(limits(change), tls, 2, null);
    }

    int port() {
        return server.port();
    }

    RawClient connect() throws IOException {
        return RawClient.connect(port());
    }

    /** Moves the clock. */
    void elapse(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** Returns the next request that was parked, once there is one. */
    Parked awaitParked() throws InterruptedException {
        Parked next = parked.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no request was parked");
        }
        return next;
    }

    /** Parks a poll of the client. */
    Parked park(RawClient client) throws IOException, InterruptedException {
        client.get("/park");
        return awaitParked();
    }

    static Response json(String body) {
        return new Response(200, Response.Kind.FEED, body.getBytes(UTF_8));
    }

    /** Returns what the echo answers. */
    static String echo(Request request) {
        return request.method() + " " + request.rawPath() + " " + request.rawQuery() + " "
                + new String(request.body(), UTF_8);
    }

    @Override
    public void close() {
        server.close(Duration.ofMillis(100));
    }

    private void handle(Request request, Exchange exchange) {
        if (request.rawPath().equals("/park")) {
            parked.add(new Parked(request, exchange));
            return;
        }
        exchange.respond(json(echo(request)));
    }

    private static HttpLimits limits(Consumer<HttpLimits.Builder> change) {
        HttpLimits.Builder builder = HttpLimits.builder().sweepInterval(SWEEP);
        change.accept(builder);
        return builder.build();
    }

    private HttpMetrics metrics() {
        return new HttpMetrics() {
            @Override
            public void onConnectionOpened() {
                opened.incrementAndGet();
            }

            @Override
            public void onConnectionClosed() {
                closed.incrementAndGet();
            }

            @Override
            public void onDropped(DropReason reason) {
                drops.add(reason);
            }

            @Override
            public void onRefused(RefusalReason reason) {
                refusedFor.add(reason);
            }

            @Override
            public void onError() {
                errors.incrementAndGet();
            }

            @Override
            public void onRequestRefused(int status) {
                refusals.add(status);
            }
        };
    }
}

package dev.rollcall.cli.plain;

import dev.rollcall.client.admin.AdminTransport;
import dev.rollcall.client.transport.Cancellable;
import dev.rollcall.client.transport.HttpTransport;
import dev.rollcall.client.transport.Scheduler;
import dev.rollcall.client.transport.Transport;
import dev.rollcall.client.transport.TransportRequest;
import dev.rollcall.client.transport.TransportResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The transport of commands that make a call or two. The HTTP client of the JDK takes longer to load than such a command takes for all else,
 * so a request that is plain is sent on a socket, by the thread that makes the call, which waits for the answer; whatever else there is, TLS, a
 * proxy, a large request, goes by that client. Not for polls, nor for calls side by side. Safe from any thread.
 */
public final class PlainTransport implements Transport {
    /** Longer ones may have to wait for the other side, and nothing here would end that. */
    private static final int LARGEST_REQUEST = 8192;

    private static final List<String> PROXIES =
            List.of("http.proxyHost", "socksProxyHost", "java.net.useSystemProxies");

    private @Nullable Transport other;
    private boolean closed;

    @Override
    public CompletableFuture<TransportResponse> send(TransportRequest request) {
        byte[] bytes = isPlain(request.uri())
                ? PlainExchange.bytes(request.method(), request.uri(), Map.of(), request.body())
                : null;
        if (bytes == null || bytes.length > LARGEST_REQUEST) {
            return other().send(request);
        }
        try {
            PlainExchange.Answer answer = PlainExchange.of(request.uri(), bytes, request.timeout());
            return CompletableFuture.completedFuture(
                    new TransportResponse(answer.status(), answer.headers(), answer.body()));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Sends a request to an admin port, whose address is plain, and waits for the answer. */
    public static CompletableFuture<AdminTransport.Answer> toAdmin(
            String method, URI uri, Map<String, String> headers, byte @Nullable [] body, Duration timeout) {
        try {
            byte[] request = PlainExchange.bytes(method, uri, headers, body);
            PlainExchange.Answer answer = PlainExchange.of(uri, request, timeout);
            return CompletableFuture.completedFuture(new AdminTransport.Answer(answer.status(), answer.body()));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Returns whether requests to an address can be sent on a socket: there is no TLS, and no proxy that the JVM was told of. */
    public static boolean isPlain(URI uri) {
        return "http".equals(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT))
                && uri.getHost() != null
                && PROXIES.stream().allMatch(property -> System.getProperty(property) == null);
    }

    private synchronized Transport other() {
        if (other == null) {
            other = HttpTransport.create();
            if (closed) {
                other.close();
            }
        }
        return other;
    }

    /** Has a thread for each task that waits: a command has one at most, for the end of its client. */
    @Override
    public Scheduler scheduler() {
        return new Scheduler() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public Cancellable schedule(Duration delay, Runnable task) {
                CountDownLatch calledOff = new CountDownLatch(1);
                start(() -> {
                    try {
                        if (!calledOff.await(delay.toNanos(), TimeUnit.NANOSECONDS)) {
                            task.run();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
                return calledOff::countDown;
            }
        };
    }

    @Override
    public Executor callbacks() {
        return PlainTransport::start;
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "rollcall-call");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (other != null) {
            other.close();
        }
    }
}

package dev.rollcall.client.transport;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The transport on the HTTP client of the JDK. Safe from any thread.
 *
 * <p>Its threads, all daemons, whatever the number of clients: one of the JDK that watches the sockets, at most
 * {@value #HTTP_THREADS} that read answers, one scheduler, and at most {@value #CALLBACK_THREADS} for listeners and callbacks unless
 * an executor was given for them.
 */
public final class HttpTransport implements Transport {
    /** How long opening a connection may take when nothing else is said. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private static final int HTTP_THREADS = 4;
    private static final int CALLBACK_THREADS = 4;
    private static final Duration LOOK_PERIOD = Duration.ofSeconds(5);
    private static final Duration LOOK_TOLERANCE = Duration.ofSeconds(10);

    private final HttpClient http;
    private final Executor callbacks;
    private final ThreadScheduler scheduler = new ThreadScheduler();
    private final Set<CompletableFuture<TransportResponse>> open = ConcurrentHashMap.newKeySet();
    private final CopyOnWriteArrayList<WakeListener> wakeListeners = new CopyOnWriteArrayList<>();
    private final Clock clock;
    private final SleepDetector sleep;
    private volatile boolean closed;

    private HttpTransport(Builder builder) {
        this.callbacks = builder.callbacks != null
                ? builder.callbacks
                : DaemonThreads.pool("rollcall-callback", CALLBACK_THREADS);
        this.clock = builder.clock;
        this.http = httpClient(builder);
        this.sleep = new SleepDetector(LOOK_PERIOD, LOOK_TOLERANCE, scheduler.nanoTime(), clock.millis());
        scheduler.schedule(LOOK_PERIOD, this::look);
    }

    private static HttpClient httpClient(Builder builder) {
        HttpClient.Builder http = HttpClient.newBuilder()
                .version(builder.http2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(builder.connectTimeout)
                .executor(DaemonThreads.pool("rollcall-http", HTTP_THREADS));
        if (builder.sslContext != null) {
            http.sslContext(builder.sslContext);
        }
        if (builder.proxy != null) {
            http.proxy(builder.proxy);
        }
        return http.build();
    }

    /** Returns a transport with the default settings. */
    public static HttpTransport create() {
        return builder().build();
    }

    /** Returns a builder with the default settings. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    @SuppressWarnings("UndefinedEquals") // open exchanges are told apart by identity, as futures compare
    public CompletableFuture<TransportResponse> send(TransportRequest request) {
        CompletableFuture<TransportResponse> result = new CompletableFuture<>();
        if (closed) {
            result.completeExceptionally(new IOException("transport closed"));
            return result;
        }
        CompletableFuture<HttpResponse<byte[]>> exchange;
        try {
            exchange = http.sendAsync(httpRequest(request), head -> readInto(result, head));
        } catch (RuntimeException e) {
            result.completeExceptionally(new IOException("request refused: " + e.getMessage(), e));
            return result;
        }
        // Not the timeout of HttpRequest: that one no longer watches once the headers are there.
        Cancellable timeout = scheduler.schedule(
                request.timeout(),
                () -> result.completeExceptionally(new HttpTimeoutException(
                        "no answer within " + request.timeout().toMillis() + " ms")));
        open.add(result);
        result.whenComplete((response, failure) -> {
            open.remove(result);
            timeout.cancel();
            if (failure != null) {
                exchange.cancel(true);
            } else {
                // Done, and the JDK need not hand it to the default executor, which has a thread for each task on small
                // machines.
                exchange.complete(null);
            }
        });
        exchange.whenComplete((response, failure) -> {
            if (failure != null) {
                result.completeExceptionally(ioException(failure));
            }
        });
        if (closed) {
            result.cancel(true);
        }
        return result;
    }

    /** Completes {@code result} as soon as the body is there, on a thread of the HTTP client's own pool. */
    private static HttpResponse.BodySubscriber<byte[]> readInto(
            CompletableFuture<TransportResponse> result, HttpResponse.ResponseInfo head) {
        return HttpResponse.BodySubscribers.mapping(HttpResponse.BodySubscribers.ofByteArray(), body -> {
            String retryAfter = head.headers().firstValue("Retry-After").orElse(null);
            result.complete(new TransportResponse(head.statusCode(), retryAfter, body));
            return body;
        });
    }

    private static HttpRequest httpRequest(TransportRequest request) {
        byte[] body = request.body();
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri());
        if (body == null) {
            return builder.method(request.method(), HttpRequest.BodyPublishers.noBody())
                    .build();
        }
        return builder.header("Content-Type", "application/json")
                .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    private static IOException ioException(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof IOException io ? io : new IOException(String.valueOf(cause.getMessage()), cause);
    }

    @Override
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public Executor callbacks() {
        return callbacks;
    }

    @Override
    public Cancellable onWake(Runnable listener) {
        WakeListener entry = new WakeListener(listener);
        wakeListeners.add(entry);
        return () -> wakeListeners.remove(entry);
    }

    private void look() {
        if (sleep.slept(scheduler.nanoTime(), clock.millis())) {
            wakeListeners.forEach(entry -> entry.listener().run());
        }
        scheduler.schedule(LOOK_PERIOD, this::look);
    }

    @Override
    public void close() {
        closed = true;
        scheduler.close();
        open.forEach(exchange -> exchange.cancel(true));
        // The pools' threads end when idle; the JDK's own thread ends with the last reference to its client.
    }

    /** Told apart by identity, so that a listener registered twice is taken away once. */
    private static final class WakeListener {
        private final Runnable listener;

        WakeListener(Runnable listener) {
            this.listener = requireNonNull(listener, "listener");
        }

        Runnable listener() {
            return listener;
        }
    }

    /** Settings of a transport. Not thread-safe. */
    public static final class Builder {
        private Duration connectTimeout = DEFAULT_CONNECT_TIMEOUT;
        private @Nullable SSLContext sslContext;
        private @Nullable ProxySelector proxy;
        private @Nullable Executor callbacks;
        private boolean http2;
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        /**
         * Sets how long opening a connection may take, {@link #DEFAULT_CONNECT_TIMEOUT} if not set.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder connectTimeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("connectTimeout: " + timeout + " (expected: > 0)");
            }
            this.connectTimeout = timeout;
            return this;
        }

        /** Sets whom to trust, the JDK's default context if not set. */
        public Builder sslContext(SSLContext context) {
            this.sslContext = requireNonNull(context, "context");
            return this;
        }

        /** Sets the proxies to go through, none if not set. */
        public Builder proxy(ProxySelector selector) {
            this.proxy = requireNonNull(selector, "selector");
            return this;
        }

        /** Sets what runs listeners and callbacks, in place of the transport's own pool. The transport does not shut it down. */
        public Builder callbacks(Executor executor) {
            this.callbacks = requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Sets whether HTTP/2 is offered, {@code false} if not set: then every open poll has a connection of its own. With it the polls
         * share one, up to as many as the server allows; more than that fail.
         */
        public Builder http2(boolean offered) {
            this.http2 = offered;
            return this;
        }

        /** Sets the wall clock by which sleep of the machine is noticed, the system's if not set. */
        public Builder clock(Clock wallClock) {
            this.clock = requireNonNull(wallClock, "wallClock");
            return this;
        }

        /** Returns a running transport. */
        public HttpTransport build() {
            return new HttpTransport(this);
        }
    }
}

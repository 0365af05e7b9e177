package dev.rollcall.client.transport;

import static java.util.Objects.requireNonNull;

import dev.rollcall.client.run.UserCode;
import java.io.IOException;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The transport on the HTTP client of the JDK. Safe from any thread.
 *
 * <p>Its threads, all daemons, whatever the number of clients: one of the JDK that watches the sockets, at most
 * {@value #HTTP_THREADS} that read answers, one scheduler, and {@value #CALLBACK_THREADS} for listeners and callbacks unless an executor
 * was given for them; these become more, up to {@value #CALLBACK_LIMIT}, while all of them are stuck. After {@link #close} they are gone
 * as soon as what runs on them returns (on JDK 17 to 20 the one that watches the sockets waits for the garbage collector).
 */
public final class HttpTransport implements Transport {
    /** How long opening a connection may take when nothing else is said. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** How long an answer may be when nothing else is said, in bytes. */
    public static final int DEFAULT_MAX_ANSWER_BYTES = 64 * 1024 * 1024;

    private static final int HTTP_THREADS = 4;
    private static final int CALLBACK_THREADS = 4;
    private static final int CALLBACK_LIMIT = 64;
    private static final Duration LOOK_PERIOD = Duration.ofSeconds(5);
    private static final Duration LOOK_TOLERANCE = Duration.ofSeconds(10);

    private final ThreadPoolExecutor httpThreads = DaemonThreads.pool("rollcall-http", HTTP_THREADS);
    private final ThreadScheduler scheduler = new ThreadScheduler();
    private final @Nullable ElasticPool ownCallbacks;
    private final Executor callbacks;
    private final Set<CompletableFuture<TransportResponse>> open = ConcurrentHashMap.newKeySet();
    private final Registrations wakeListeners = new Registrations("wake listener");
    private final Registrations closeListeners = new Registrations("close listener");
    private final HostNames hostNames;
    private final int maxAnswerBytes;
    private final Clock clock;
    private final SleepDetector sleep;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable HttpClient http;

    private HttpTransport(Builder builder) {
        this.ownCallbacks = builder.callbacks != null
                ? null
                : new ElasticPool("rollcall-callback", CALLBACK_THREADS, CALLBACK_LIMIT, scheduler);
        this.callbacks = ownCallbacks != null ? ownCallbacks : requireNonNull(builder.callbacks);
        this.clock = builder.clock;
        this.maxAnswerBytes = builder.maxAnswerBytes;
        this.hostNames = new HostNames(builder.addresses);
        this.http = httpClient(builder, httpThreads);
        this.sleep = new SleepDetector(LOOK_PERIOD, LOOK_TOLERANCE, scheduler.nanoTime(), clock.millis());
        scheduler.schedule(LOOK_PERIOD, this::look);
    }

    private static HttpClient httpClient(Builder builder, Executor threads) {
        HttpClient.Builder http = HttpClient.newBuilder()
                .version(builder.http2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(builder.connectTimeout)
                .executor(threads);
        if (builder.sslContext != null) {
            http.sslContext(builder.sslContext);
        }
        if (builder.proxy != null) {
            http.proxy(builder.proxy);
        }
        if (builder.proxyAuthenticator != null) {
            http.authenticator(builder.proxyAuthenticator);
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
        HttpClient client = http;
        if (client == null) {
            result.completeExceptionally(new IOException("transport closed"));
            return result;
        }
        open.add(result);
        result.whenComplete((response, failure) -> {
            open.remove(result);
        });
        if (hostNames.isUsable(request.uri())) {
            exchange(client, request, result);
        } else {
            resolveAndExchange(client, request, result);
        }
        // Not the timeout of HttpRequest: that one no longer watches once the headers are there.
        Cancellable timeout = scheduler.schedule(
                request.timeout(),
                () -> result.completeExceptionally(new HttpTimeoutException("no answer within " + request.timeout())));
        result.whenComplete((response, failure) -> timeout.cancel());
        if (closed.get()) {
            result.completeExceptionally(new IOException("transport closed"));
        }
        return result;
    }

    private void exchange(HttpClient client, TransportRequest request, CompletableFuture<TransportResponse> result) {
        CompletableFuture<HttpResponse<byte[]>> exchange;
        try {
            exchange = client.sendAsync(hostNames.httpRequest(request), head -> readInto(result, head));
        } catch (Throwable t) {
            UserCode.report(t);
            result.completeExceptionally(new IOException("request refused: " + t.getMessage(), t));
            return;
        }
        result.whenComplete((response, failure) -> {
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
    }

    /** For names that the JDK does not take for host names: looks them up where blocking is no harm. */
    private void resolveAndExchange(
            HttpClient client, TransportRequest request, CompletableFuture<TransportResponse> result) {
        try {
            httpThreads.execute(() -> {
                try {
                    exchange(client, hostNames.resolved(request), result);
                } catch (IOException e) {
                    result.completeExceptionally(e);
                } catch (Throwable t) {
                    UserCode.report(t);
                    result.completeExceptionally(new IOException("request refused: " + t.getMessage(), t));
                }
            });
        } catch (RuntimeException e) {
            result.completeExceptionally(new IOException("transport closed", e));
        }
    }

    /** Completes {@code result} as soon as the body is there, on a thread of the HTTP client's own pool. */
    private HttpResponse.BodySubscriber<byte[]> readInto(
            CompletableFuture<TransportResponse> result, HttpResponse.ResponseInfo head) {
        return HttpResponse.BodySubscribers.mapping(new BoundedBody(maxAnswerBytes), body -> {
            result.complete(new TransportResponse(head.statusCode(), headers(head), body));
            return body;
        });
    }

    private static Map<String, String> headers(HttpResponse.ResponseInfo head) {
        Map<String, String> headers = new HashMap<>();
        for (String name : Set.of(TransportResponse.RETRY_AFTER, TransportResponse.GAP)) {
            head.headers().firstValue(name).ifPresent(value -> headers.put(name, value));
        }
        return headers;
    }

    private static IOException ioException(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        UserCode.report(cause);
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
        return wakeListeners.add(listener);
    }

    @Override
    public Cancellable onClose(Runnable listener) {
        Cancellable registration = closeListeners.add(listener);
        if (closed.get()) {
            closeListeners.runAll();
        }
        return registration;
    }

    @Override
    public boolean isClosed() {
        return closed.get();
    }

    private void look() {
        if (sleep.slept(scheduler.nanoTime(), clock.millis())) {
            wakeListeners.runAll();
        }
        scheduler.schedule(LOOK_PERIOD, this::look);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        HttpClient last = http;
        http = null;
        scheduler.close();
        open.forEach(exchange -> exchange.completeExceptionally(new IOException("transport closed")));
        closeListeners.runAll();
        HttpClients.stop(last);
        httpThreads.shutdown();
        if (ownCallbacks != null) {
            ownCallbacks.close();
        }
    }

    /** Settings of a transport. Not thread-safe. */
    public static final class Builder {
        private Duration connectTimeout = DEFAULT_CONNECT_TIMEOUT;
        private @Nullable SSLContext sslContext;
        private @Nullable ProxySelector proxy;
        private @Nullable Authenticator proxyAuthenticator;
        private @Nullable Executor callbacks;
        private boolean http2;
        private int maxAnswerBytes = DEFAULT_MAX_ANSWER_BYTES;
        private Clock clock = Clock.systemUTC();
        private HostNames.Addresses addresses = java.net.InetAddress::getByName;

        private Builder() {}

        /**
         * Sets how long opening a connection may take, {@link #DEFAULT_CONNECT_TIMEOUT} if not set.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder connectTimeout(Duration timeout) {
            requireNonNull(timeout, "timeout");
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("connectTimeout: " + timeout + " (expected: > 0)");
            }
            this.connectTimeout = Duration.ofNanos(Nanos.of(timeout));
            return this;
        }

        /** Sets whom to trust, the JDK's default context if not set. */
        public Builder sslContext(SSLContext context) {
            this.sslContext = requireNonNull(context, "context");
            return this;
        }

        /**
         * Sets the proxies to go through. If not set, the default of the JVM decides: {@link ProxySelector#getDefault}, which goes by the
         * system properties {@code http.proxyHost}, {@code https.proxyHost} and {@code http.nonProxyHosts}.
         * {@link HttpClient.Builder#NO_PROXY} is for none, whatever the properties say.
         */
        public Builder proxy(ProxySelector selector) {
            this.proxy = requireNonNull(selector, "selector");
            return this;
        }

        /**
         * Sets the name and password to give when a proxy asks for them; none if not set. They are given to proxies only. For TLS through a
         * proxy the JDK allows no Basic authentication unless it is started with
         * {@code -Djdk.http.auth.tunneling.disabledSchemes=""}.
         */
        public Builder proxyCredentials(String user, char[] password) {
            this.proxyAuthenticator = new ProxyCredentials(
                    new PasswordAuthentication(requireNonNull(user, "user"), requireNonNull(password, "password")));
            return this;
        }

        /**
         * Sets what runs listeners and callbacks, in place of the transport's own pool. The transport does not shut it down. What it
         * refuses is offered again.
         */
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

        /**
         * Sets how long an answer may be in bytes, {@link #DEFAULT_MAX_ANSWER_BYTES} if not set; a longer one counts as broken.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder maxAnswerBytes(int bytes) {
            if (bytes <= 0) {
                throw new IllegalArgumentException("maxAnswerBytes: " + bytes + " (expected: > 0)");
            }
            this.maxAnswerBytes = bytes;
            return this;
        }

        /** Sets the wall clock by which sleep of the machine is noticed, the system's if not set. */
        public Builder clock(Clock wallClock) {
            this.clock = requireNonNull(wallClock, "wallClock");
            return this;
        }

        Builder addresses(HostNames.Addresses lookup) {
            this.addresses = lookup;
            return this;
        }

        /** Returns a running transport. */
        public HttpTransport build() {
            return new HttpTransport(this);
        }
    }

    /** Answers proxies only. */
    private static final class ProxyCredentials extends Authenticator {
        private final PasswordAuthentication credentials;

        ProxyCredentials(PasswordAuthentication credentials) {
            this.credentials = credentials;
        }

        @Override
        protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() == RequestorType.PROXY ? credentials : null;
        }
    }
}

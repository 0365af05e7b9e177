package dev.rollcall.client.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.client.Category;
import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.Envelope;
import dev.rollcall.client.Operation;
import dev.rollcall.client.RollcallException;
import dev.rollcall.client.Status;
import dev.rollcall.client.run.Callbacks;
import dev.rollcall.client.run.Log;
import dev.rollcall.client.run.UserCode;
import dev.rollcall.client.transport.Transport;
import dev.rollcall.client.transport.TransportRequest;
import dev.rollcall.client.transport.TransportResponse;
import dev.rollcall.client.wire.Query;
import dev.rollcall.client.wire.RequestSigner;
import dev.rollcall.client.wire.RetryAfter;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Sends the requests of one client: adds what all have in common, signs, and reads the answer. Safe from any thread. */
public final class Caller {
    private static final String SDK = "Rollcall-Java/0.1";

    private final ClientConfig config;
    private final URI base;
    private final Transport transport;
    private final Callbacks callbacks;
    private final Json json;
    private final @Nullable RequestSigner signer;
    private volatile Token token;
    private volatile boolean closed;

    /** A token, and how many there were before it. */
    private record Token(@Nullable String value, long version) {}

    /** Makes the caller of one client. */
    public Caller(ClientConfig config, Transport transport, Callbacks callbacks, Json json) {
        this.config = config;
        this.base = Origin.parse(config.secure() ? "https" : "http", config.origin());
        this.transport = transport;
        this.callbacks = callbacks;
        this.json = json;
        this.token = new Token(config.token().orElse(null), 0);
        String publishKey = config.publishKey().orElse("");
        this.signer = config.secretKey()
                .map(secret -> new RequestSigner(secret, publishKey))
                .orElse(null);
    }

    /** Uses another token from the next request on; null for none. */
    public synchronized void token(@Nullable String newToken) {
        this.token = new Token(newToken, token.version() + 1);
    }

    /** Returns the token in use, or null. */
    public @Nullable String token() {
        return token.value();
    }

    /** Returns a number that grows with every token. */
    public long tokenVersion() {
        return token.version();
    }

    /** Returns what runs the code of users. */
    public Executor callbacks() {
        return callbacks;
    }

    /** Refuses further calls of users; what the client itself still has to say goes out. */
    public void close() {
        closed = true;
    }

    /** Throws IllegalStateException if the client is closed. */
    public void requireOpen(Operation operation) {
        if (closed) {
            throw new IllegalStateException(operation + " on a client that is closed (user " + config.userId() + " at "
                    + config.origin() + ")");
        }
    }

    /**
     * Sends a request; once more if it was refused with a token that has been replaced since.
     *
     * @return the result; completed exceptionally with a {@link RollcallException} only. Cancelling it drops the exchange. Completes on
     *     a thread of the transport
     */
    public <R> CompletableFuture<Envelope<R>> send(ApiRequest<R> request) {
        CompletableFuture<Envelope<R>> result = new CompletableFuture<>();
        attempt(request, result, true);
        return result;
    }

    private <R> void attempt(ApiRequest<R> request, CompletableFuture<Envelope<R>> result, boolean first) {
        long version = token.version();
        CompletableFuture<TransportResponse> exchange = exchange(request);
        result.whenComplete((envelope, failure) -> {
            if (result.isCancelled()) {
                exchange.cancel(true);
            }
        });
        exchange.whenComplete((response, failure) -> {
            try {
                if (failure != null) {
                    throw Failures.ofExchange(request, failure);
                }
                result.complete(read(request, response));
            } catch (RollcallException e) {
                if (first && e.category() == Category.ACCESS_DENIED && version != token.version() && !result.isDone()) {
                    attempt(request, result, false);
                    return;
                }
                RollcallException told = e.at(config.origin());
                Log.get().log(System.Logger.Level.DEBUG, told::getMessage);
                result.completeExceptionally(told);
            } catch (Throwable t) {
                // Whatever an answer does to the code that reads it: the call ends.
                UserCode.report(t);
                result.completeExceptionally(Failures.ofMalformed(request, response == null ? 0 : response.status(), t)
                        .at(config.origin()));
            }
        });
    }

    /** Returns what the transport returns; failed where it throws. */
    private CompletableFuture<TransportResponse> exchange(ApiRequest<?> request) {
        try {
            CompletableFuture<TransportResponse> exchange = transport.send(encode(request));
            if (exchange != null) {
                return exchange;
            }
            return CompletableFuture.failedFuture(new IOException("transport returned null"));
        } catch (Throwable t) {
            UserCode.failed("transport", t);
            return CompletableFuture.failedFuture(new IOException("transport failed: " + t, t));
        }
    }

    /** Returns the request as it is sent. */
    public TransportRequest encode(ApiRequest<?> request) {
        String body = request.body();
        String method = request.operation() == Operation.REVOKE_TOKEN ? "DELETE" : body == null ? "GET" : "POST";
        Query query = new Query()
                .putAll(request.query())
                .put("uuid", config.userId().value())
                .put("pnsdk", SDK);
        String accessToken = token.value();
        if (accessToken != null && carriesToken(request.operation())) {
            query.put("auth", accessToken);
        }
        String text;
        if (signer == null) {
            text = query.encode();
        } else {
            query.put("timestamp", Long.toString(config.clock().instant().getEpochSecond()));
            text = query.encode();
            text += "&signature=" + signature(request, method, body, text);
        }
        URI uri = URI.create(base + request.path() + '?' + text);
        return new TransportRequest(
                method, uri, body == null ? null : body.getBytes(StandardCharsets.UTF_8), request.timeout());
    }

    private static boolean carriesToken(Operation operation) {
        return operation != Operation.TIME && operation != Operation.GRANT_TOKEN && operation != Operation.REVOKE_TOKEN;
    }

    /** A message that is posted is signed as if it were a GET without a body: the form that services accept there. */
    private String signature(ApiRequest<?> request, String method, @Nullable String body, String query) {
        RequestSigner by = java.util.Objects.requireNonNull(signer);
        if (request.operation() == Operation.PUBLISH || body == null) {
            String signed = request.operation() == Operation.PUBLISH ? "GET" : method;
            return by.sign(signed, request.path(), query, "");
        }
        return by.sign(method, request.path(), query, body);
    }

    private <R> Envelope<R> read(ApiRequest<R> request, TransportResponse response) {
        int status = response.status();
        JsonNode body;
        try {
            body = json.parse(response.body());
        } catch (IOException e) {
            if (isSuccess(status)) {
                throw Failures.ofMalformed(request, status, e);
            }
            throw Failures.ofAnswer(request, status, null, retryAfter(response));
        }
        if (!isSuccess(status)) {
            throw Failures.ofAnswer(request, status, body, retryAfter(response));
        }
        int told = body.path("status").asInt(status);
        if (told >= 400) {
            throw Failures.ofAnswer(request, told, body, retryAfter(response));
        }
        if (response.gap() && body instanceof ObjectNode object) {
            object.put("gap", true);
        }
        try {
            R result = request.reader().read(body);
            Status ok = new Status(
                    Category.ACKNOWLEDGMENT, request.operation(), status, request.channels(), request.groups(), null);
            return new Envelope<>(result, ok);
        } catch (RuntimeException e) {
            throw Failures.ofMalformed(request, status, e);
        }
    }

    private static boolean isSuccess(int status) {
        return status >= 200 && status < 300;
    }

    private @Nullable Duration retryAfter(TransportResponse response) {
        return RetryAfter.parse(response.retryAfter(), config.clock().instant());
    }
}

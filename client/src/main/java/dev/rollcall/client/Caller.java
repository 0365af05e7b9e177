package dev.rollcall.client;

import com.fasterxml.jackson.databind.JsonNode;
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
final class Caller {
    private static final String SDK = "Rollcall-Java/0.1";

    private final ClientConfig config;
    private final Transport transport;
    private final Json json;
    private final @Nullable RequestSigner signer;
    private volatile @Nullable String token;

    Caller(ClientConfig config, Transport transport, Json json) {
        this.config = config;
        this.transport = transport;
        this.json = json;
        this.token = config.token().orElse(null);
        String publishKey = config.publishKey().orElse("");
        this.signer = config.secretKey()
                .map(secret -> new RequestSigner(secret, publishKey))
                .orElse(null);
    }

    /** Uses another token from the next request on; null for none. */
    void token(@Nullable String newToken) {
        this.token = newToken;
    }

    Executor callbacks() {
        return transport.callbacks();
    }

    /**
     * Sends a request.
     *
     * @return the result; completed exceptionally with a {@link RollcallException} only. Cancelling it drops the exchange. Completes on
     *     a thread of the transport
     */
    <R> CompletableFuture<Envelope<R>> send(ApiRequest<R> request) {
        CompletableFuture<Envelope<R>> result = new CompletableFuture<>();
        CompletableFuture<TransportResponse> exchange = transport.send(encode(request));
        exchange.whenComplete((response, failure) -> {
            if (failure != null) {
                result.completeExceptionally(Failures.ofExchange(request, failure));
                return;
            }
            try {
                result.complete(read(request, response));
            } catch (RollcallException e) {
                result.completeExceptionally(e);
            }
        });
        result.whenComplete((envelope, failure) -> {
            if (result.isCancelled()) {
                exchange.cancel(true);
            }
        });
        return result;
    }

    TransportRequest encode(ApiRequest<?> request) {
        String body = request.body();
        String method = body == null ? "GET" : "POST";
        Query query = new Query()
                .putAll(request.query())
                .put("uuid", config.userId().value())
                .put("pnsdk", SDK);
        String accessToken = token;
        if (accessToken != null && request.operation() != Operation.TIME) {
            query.put("auth", accessToken);
        }
        String text;
        if (signer == null) {
            text = query.encode();
        } else {
            query.put("timestamp", Long.toString(config.clock().instant().getEpochSecond()));
            text = query.encode();
            // A message that is posted is signed as if it were a GET without a body: the form that services accept
            // there.
            text += "&signature=" + signer.sign("GET", request.path(), text, "");
        }
        URI base = config.base();
        URI uri = URI.create(base + request.path() + '?' + text);
        return new TransportRequest(
                method, uri, body == null ? null : body.getBytes(StandardCharsets.UTF_8), request.timeout());
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
        try {
            R result = request.reader().read(body);
            Status ok = new Status(
                    Category.ACKNOWLEDGMENT, request.operation(), status, request.channels(), request.groups(), null);
            return new Envelope<>(result, ok);
        } catch (IllegalArgumentException e) {
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

package dev.rollcall.client.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rollcall.client.wire.PercentEncoding;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Requests to the admin port, and what their answers say. Safe from any thread. */
final class AdminRequests {
    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    private static final int OK = 200;

    private final URI base;
    private final @Nullable String token;
    private final AdminTransport transport;
    private @Nullable HttpClient http;

    /** Makes them go by a transport, or by the JDK's HTTP client where there is none. */
    AdminRequests(URI base, @Nullable String token, @Nullable AdminTransport transport) {
        String text = base.toString();
        this.base = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        this.token = token;
        this.transport = transport == null ? this::overHttp : transport;
    }

    /** Returns the JDK's HTTP client, which takes a while to make. */
    synchronized HttpClient http() {
        if (http == null) {
            http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_WITHIN)
                    .build();
        }
        return http;
    }

    /** Begins a request for a path below {@code /admin/v1}. */
    HttpRequest.Builder begin(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        headers().forEach(request::header);
        return request;
    }

    private URI uri(String path) {
        return URI.create(base + "/admin/v1" + path);
    }

    private Map<String, String> headers() {
        return token == null ? Map.of() : Map.of("Authorization", "Bearer " + token);
    }

    private CompletableFuture<AdminTransport.Answer> overHttp(
            String method, URI uri, Map<String, String> headers, byte @Nullable [] body, Duration timeout) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(timeout);
        headers.forEach(request::header);
        if (body == null) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json").method(method, BodyPublishers.ofByteArray(body));
        }
        return http().sendAsync(request.build(), BodyHandlers.ofByteArray())
                .thenApply(answer -> new AdminTransport.Answer(answer.statusCode(), answer.body()));
    }

    CompletableFuture<JsonNode> get(String path) {
        return send("GET", path, headers(), null);
    }

    /** Sends something that changes something. */
    CompletableFuture<JsonNode> change(String method, String path, JsonNode body) {
        Map<String, String> headers = new LinkedHashMap<>(headers());
        headers.put("X-Rollcall", "1");
        return send(method, path, headers, body.toString().getBytes(UTF_8));
    }

    private CompletableFuture<JsonNode> send(
            String method, String path, Map<String, String> headers, byte @Nullable [] body) {
        return transport.send(method, uri(path), headers, body, ANSWER_WITHIN).handle((answer, failure) -> {
            if (failure != null) {
                Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
                throw new AdminException(0, "no answer from " + base + ": " + cause, null, cause);
            }
            if (answer.status() != OK) {
                throw failure(answer.status(), answer.body());
            }
            try {
                return JSON.readTree(answer.body());
            } catch (IOException e) {
                throw new AdminException(answer.status(), "an answer that is no JSON", "a Rollcall admin port", e);
            }
        });
    }

    /** Returns what an answer says that is an error. */
    static AdminException failure(int status, byte[] body) {
        try {
            JsonNode error = JSON.readTree(body).path("error");
            if (error.isObject()) {
                JsonNode expected = error.get("expected");
                return new AdminException(
                        status, error.path("message").asText(), expected == null ? null : expected.asText(), null);
            }
        } catch (IOException e) {
            // Whatever stands in between has its own way to say it.
        }
        String text = new String(body, UTF_8).strip();
        return new AdminException(
                status, "status " + status + ": " + text.substring(0, Math.min(200, text.length())), null, null);
    }

    /** Returns the path of these segments, each encoded. */
    static String path(String... segments) {
        StringBuilder path = new StringBuilder();
        for (String segment : segments) {
            path.append('/').append(PercentEncoding.encode(segment));
        }
        return path.toString();
    }

    /** Returns a query of names and values by turns, without those that are null or empty. */
    static String query(@Nullable String... namesAndValues) {
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String value = namesAndValues[i + 1];
            if (value != null && !value.isEmpty()) {
                query.add(namesAndValues[i] + '=' + PercentEncoding.encode(value));
            }
        }
        return query.toString();
    }
}

package dev.rollcall.cli.context;

import dev.rollcall.client.access.SignedUri;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** Requests that the client does not make of its own accord. */
public final class RawRequest {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);

    private RawRequest() {}

    /** Returns what sends them. */
    public static HttpClient http(HttpClient.Version version) {
        return HttpClient.newBuilder()
                .version(version)
                .connectTimeout(CONNECT_WITHIN)
                .build();
    }

    /** Returns a GET of a path and query, with the token, and signed if there is a secret key. */
    public static HttpRequest get(Target target, String pathAndQuery, Duration timeout) {
        return HttpRequest.newBuilder(uri(target, pathAndQuery))
                .timeout(timeout)
                .GET()
                .build();
    }

    /** Returns the address of a path and query, with the token, and signed for a GET if there is a secret key. */
    public static URI uri(Target target, String pathAndQuery) {
        String token = target.auth();
        String query = token == null ? "" : (pathAndQuery.indexOf('?') < 0 ? "?" : "&") + "auth=" + encoded(token);
        URI uri = URI.create(target.url() + pathAndQuery + query);
        String secret = target.secretKey();
        return secret == null ? uri : SignedUri.get(uri, secret, target.publishKey(), Instant.now());
    }

    /** Returns a name as it stands in a path or a query. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }
}

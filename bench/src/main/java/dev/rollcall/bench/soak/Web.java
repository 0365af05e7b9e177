package dev.rollcall.bench.soak;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Well-behaved requests to one target, counted. Safe from any thread. */
final class Web {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Target target;
    private final Counts counts;

    Web(Target target, Counts counts) {
        this.target = target;
        this.counts = counts;
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create(target.url(path)))
                .timeout(PATIENCE)
                .build();
    }

    private HttpResponse<String> counted(HttpResponse<String> response) {
        counts.add("requests");
        if (response.statusCode() == 503) {
            counts.add("requests answered with 503");
            counts.add("refused: " + response.request().uri().getPath().replaceAll("[0-9].*", "") + response.body());
        }
        if (response.statusCode() != 200 && response.statusCode() != 503) {
            counts.add("unexpected status " + response.statusCode());
        }
        return response;
    }

    CompletableFuture<HttpResponse<String>> ask(String path) {
        return client.sendAsync(request(path), BodyHandlers.ofString()).thenApply(this::counted);
    }

    /** Returns the answer, or the empty text if there is none: the server may be down just now. */
    String get(String path) throws InterruptedException {
        try {
            HttpResponse<String> response = counted(client.send(request(path), BodyHandlers.ofString()));
            return response.statusCode() == 200 ? response.body() : "";
        } catch (IOException e) {
            counts.add("requests without an answer");
            return "";
        }
    }
}

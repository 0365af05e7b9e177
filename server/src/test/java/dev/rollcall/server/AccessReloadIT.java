package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.server.access.signature.RequestSigner;
import dev.rollcall.server.config.ConfigReader;
import dev.rollcall.server.config.Setting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another configuration while polls wait: whoever has lost their ground is told, and half a file changes nothing. */
class AccessReloadIT {
    private static final String SECRET = "sec-c-5f3a9d07b1e24c68";
    private static final String OPEN = "keysets:\n  - subscribe-key: OPEN\n    publish-key: PUB\n";
    private static final String GUARDED =
            "  - subscribe-key: SUB\n    publish-key: PUB\n    access-manager: on\n    secret-key: " + SECRET + "\n";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final RequestSigner signer = new RequestSigner("PUB", SECRET);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Path file;
    private RollcallServer server;

    @BeforeEach
    void start() throws IOException {
        file = Files.writeString(folder.resolve("rollcall.yaml"), OPEN + GUARDED);
        server = RollcallServer.start(ConfigReader.read(
                Map.of(Setting.CONFIG, file.toString(), Setting.PORT, "0", Setting.ADMIN_PORT, "0"), Map.of()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static HttpRequest request(URI base, String method, String target, String body) {
        return HttpRequest.newBuilder(URI.create(base + target))
                .timeout(Duration.ofSeconds(120))
                .method(method, BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> send(String method, String target, String body)
            throws IOException, InterruptedException {
        return client.send(request(server.uri(), method, target, body), BodyHandlers.ofString());
    }

    private String admin(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.adminPort());
        return client.send(request(uri, "GET", path, ""), BodyHandlers.ofString())
                .body();
    }

    private CompletableFuture<HttpResponse<String>> ask(String target) throws Exception {
        CompletableFuture<HttpResponse<String>> poll =
                client.sendAsync(request(server.uri(), "GET", target, ""), BodyHandlers.ofString());
        await().atMost(PATIENCE).until(() -> admin("/metrics").contains("rollcall_polls 1.0"));
        return poll;
    }

    private String token() throws IOException, InterruptedException {
        String body = "{\"ttl\":60,\"permissions\":{\"resources\":{\"channels\":{\"room\":1}}}}";
        String target = signer.sign("POST", "/v3/pam/SUB/grant", Map.of(), body, System.currentTimeMillis() / 1000);
        String answer = send("POST", target, body).body();
        return answer.substring(answer.indexOf("\"token\":\"") + 9, answer.indexOf("\"},"));
    }

    private String poll() throws IOException, InterruptedException {
        return "/v2/subscribe/SUB/room/0?uuid=alice&tt=1&auth=" + RequestSigner.encode(token());
    }

    @Test
    void changedSecretKey_endsThePollsOfItsTokens() throws Exception {
        CompletableFuture<HttpResponse<String>> poll = ask(poll());
        Files.writeString(file, OPEN + GUARDED.replace(SECRET, "sec-another-secret-key"));
        HttpResponse<String> answer = poll.get(60, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("Forbidden", "[\"room\"]");
    }

    @Test
    void removedKeyset_endsItsPolls() throws Exception {
        CompletableFuture<HttpResponse<String>> poll = ask(poll());
        Files.writeString(file, OPEN);
        HttpResponse<String> answer = poll.get(60, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo(send("GET", "/v2/subscribe/SUB/room/0?uuid=alice&tt=0", "")
                        .body())
                .contains("Invalid Subscribe Key");
    }

    @Test
    void accessManagerSwitchedOn_endsThePollsOfStrangers() throws Exception {
        CompletableFuture<HttpResponse<String>> poll = ask("/v2/subscribe/OPEN/room/0?uuid=eve&tt=1");
        Files.writeString(file, OPEN + "    access-manager: on\n    secret-key: sec-0123456789abcdef\n" + GUARDED);
        assertThat(poll.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(403);
    }

    @Test
    void halfAFile_changesNothingAndIsSeen() throws Exception {
        CompletableFuture<HttpResponse<String>> poll = ask(poll());
        assertThat(admin("/ready")).isEqualTo("ready\n");
        Files.writeString(file, (OPEN + GUARDED).replaceFirst("    access-manager(?s).*", ""));
        await().atMost(PATIENCE).until(() -> admin("/ready").contains("the configuration file was refused"));
        assertThat(admin("/metrics")).contains("rollcall_config_stale 1.0", "rollcall_config_refused_total 1.0");
        assertThat(send("GET", "/v2/subscribe/SUB/room/0?uuid=eve&tt=0", "").statusCode())
                .isEqualTo(403);
        Files.writeString(file, OPEN + "# whole again\n" + GUARDED);
        await().atMost(PATIENCE).until(() -> admin("/ready").equals("ready\n"));
        assertThat(poll).isNotDone();
    }
}

package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process: what it prints, how it ends. */
class ProcessIT {
    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private Process process;

    private void start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // As the launcher has it, or else newer JVMs warn on the stream of errors.
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.rollcall.server.Main",
                "serve",
                "--admin-port",
                "0"));
        command.addAll(List.of(arguments));
        if (!command.contains("--port")) {
            command.addAll(List.of("--port", "0"));
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().putAll(environment);
        process = builder.start();
    }

    @AfterEach
    void kill() {
        process.destroyForcibly();
    }

    private String printed(String stream) throws IOException {
        return Files.readString(folder.resolve(stream));
    }

    private URI listening() {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(printed("out"))
                        .matches("listening on http://127\\.0\\.0\\.1:\\d+\\Rconsole at"
                                + " http://127\\.0\\.0\\.1:\\d+/console/\\R"));
        try {
            return URI.create(printed("out").lines().findFirst().orElseThrow().substring("listening on ".length()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int status(URI uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void serve_answersAsSoonAsItSaysSo_andEndsWithStatusZero() throws Exception {
        start();
        URI uri = listening();
        assertThat(status(uri.resolve("/time/0"))).isEqualTo(200);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(printed("err")).contains("development mode"));
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void serve_readsKeysetsAgainOnHangup() throws Exception {
        Path file = Files.writeString(folder.resolve("rollcall.yaml"), "keysets: [{subscribe-key: one}]\n");
        start("--config", file.toString());
        URI uri = listening();
        assertThat(status(uri.resolve("/v2/presence/sub-key/one/channel/a"))).isEqualTo(200);
        assertThat(status(uri.resolve("/v2/presence/sub-key/two/channel/a"))).isEqualTo(400);
        assertThat(printed("err")).doesNotContain("development mode");
        Files.writeString(file, "keysets: [{subscribe-key: two}]\n");
        new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(status(uri.resolve("/v2/presence/sub-key/two/channel/a")))
                        .isEqualTo(200));
        assertThat(status(uri.resolve("/v2/presence/sub-key/one/channel/a"))).isEqualTo(400);
    }

    @Test
    void serve_wrongConfigurationIsOneLineAndStatusTwo() throws Exception {
        start("--max-connections", "many");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(printed("err"))
                .isEqualToIgnoringNewLines("rollcall: --max-connections: many (expected: a whole number)");
        assertThat(printed("out")).isEmpty();
    }

    @Test
    void serve_aTakenPortIsOneLineAndStatusOne() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            start("--port", Integer.toString(taken.getLocalPort()));
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(printed("err").lines())
                    .containsExactly("rollcall: cannot listen on 127.0.0.1:" + taken.getLocalPort()
                            + ": Address already in use");
        }
    }

    @Test
    void serve_aRedisThatIsNotThereIsOneLineAndStatusOne() throws Exception {
        start("--engine", "redis", "--redis", "redis://127.0.0.1:1");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(printed("err").lines())
                .singleElement()
                .asString()
                .startsWith("rollcall: redis: ")
                .contains("127.0.0.1:1", "Connection refused");
    }

    @Test
    void serve_warnsOfVariablesThatNobodyReads() throws Exception {
        environment.put("ROLLCALL_MAX_CONNECTION", "5");
        start();
        listening();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(printed("err"))
                        .contains("unknown variable ROLLCALL_MAX_CONNECTION (did you mean ROLLCALL_MAX_CONNECTIONS?)"));
    }
}

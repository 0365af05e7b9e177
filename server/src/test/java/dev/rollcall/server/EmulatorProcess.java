package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An emulator as a process of its own, and what asks its two ports. */
final class EmulatorProcess implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    /** In which this is, a file to run the command line by, as ./rollcall is. */
    final Path launcher;

    final Process process;
    final URI server;
    final URI control;

    /** An answer of the emulator. */
    record Answer(int status, HttpResponse<String> response, JsonNode body) {
        JsonNode error() {
            return body.path("error");
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();

    EmulatorProcess(Path folder, String... options) throws IOException {
        launcher = launcher(folder);
        Path ready = folder.resolve("ready.json");
        List<String> command = new ArrayList<>(List.of(
                launcher.toString(),
                "emulate",
                "--port",
                "0",
                "--admin-port",
                "0",
                "--ready-file",
                ready.toString(),
                "--until-stdin-closes"));
        command.addAll(List.of(options));
        process = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(ready) || !process.isAlive());
        assertThat(ready).as(Files.readString(folder.resolve("err"))).exists();
        JsonNode said = JSON.readTree(Files.readString(ready));
        server = URI.create(said.path("uri").asText());
        control = URI.create(said.path("control").asText());
        assertThat(said.path("pid").asLong()).isPositive();
    }

    /** Makes a script that runs this server's command line. */
    static Path launcher(Path folder) throws IOException {
        Path script = folder.resolve("rollcall");
        Files.writeString(
                script,
                "#!/bin/sh\nexec '" + Path.of(System.getProperty("java.home"), "bin", "java")
                        + "' --enable-native-access=ALL-UNNAMED -XX:TieredStopAtLevel=1 -cp '"
                        + System.getProperty("java.class.path") + "' dev.rollcall.server.Main \"$@\"\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }

    Answer send(String method, String path, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(control + path))
                .method(method, BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(60));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        String text = response.body();
        return new Answer(
                response.statusCode(),
                response,
                text.startsWith("{")
                        ? JSON.readTree(text)
                        : JSON.createObjectNode().put("text", text));
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    /** Makes a change that is meant. */
    Answer change(String method, String path, String body) throws IOException, InterruptedException {
        return send(method, path, body, "X-Rollcall-Emulator", "1");
    }

    Answer post(String path, String body) throws IOException, InterruptedException {
        return change("POST", path, body);
    }

    /** Asks the port of clients. */
    HttpResponse<String> client(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(server.resolve(path)).build(), BodyHandlers.ofString());
    }

    HttpClient http() {
        return http;
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    @Override
    public void close() throws IOException {
        try {
            process.getOutputStream().close();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }
}

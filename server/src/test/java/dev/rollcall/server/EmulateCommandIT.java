package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.server.config.RollcallConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What emulate refuses, and that nothing else is an emulator. */
class EmulateCommandIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--host 0.0.0.0|host: 0.0.0.0 (expected: 127.0.0.1",
                "--engine redis --redis redis://127.0.0.1:1|engine: redis (expected: embedded",
                "--data data|data: data (expected: none",
                "--seed none.yaml|seed: none.yaml cannot be read (expected: a file)",
                "--seed bad.yaml|seed: bad.yaml: keysets: none (expected: an object",
                "--ready-file none/ready.json|ready-file: none/ready.json cannot be written",
            })
    void emulate_refuses(String options, String complaint) throws Exception {
        Files.writeString(folder.resolve("bad.yaml"), "version: 1\n");
        List<String> command = new ArrayList<>(
                List.of(EmulatorProcess.launcher(folder).toString(), "emulate", "--port", "0", "--admin-port", "0"));
        command.addAll(List.of(options.split(" ", -1)));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(folder.resolve("err"))).contains("rollcall: " + complaint);
        assertThat(process.exitValue()).isPositive();
        assertThat(Files.readString(folder.resolve("out"))).doesNotContain("listening on");
    }

    @Test
    void serve_knowsNoEmulator() throws Exception {
        try (RollcallServer server =
                RollcallServer.start(RollcallConfig.development().withPort(0).withAdminPort(0))) {
            for (String path : List.of("/emulator/v1", "/emulator/v1/clock", "/emulator/v1/reset", "/emulator/v2")) {
                for (String method : List.of("GET", "POST", "PUT", "DELETE")) {
                    assertThat(status(server.adminPort(), method, path))
                            .as(method + ' ' + path)
                            .isEqualTo(404);
                }
            }
        }
    }

    private static int status(int port, String method, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .method(method, BodyPublishers.noBody())
                                .header("X-Rollcall-Emulator", "1")
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }
}

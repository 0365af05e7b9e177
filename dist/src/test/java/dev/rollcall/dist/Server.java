package dev.rollcall.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server that was started from a package. */
final class Server implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern ADMIN = Pattern.compile("admin-port=(\\d+)");

    private final Process process;
    private final Path out;
    private final Path err;

    private Server(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static Server start(Path logs, Map<String, String> environment, List<String> command) throws IOException {
        Path out = Files.createTempFile(logs, "out", ".txt");
        Path err = Files.createTempFile(logs, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        Shell.bare(builder, environment);
        return new Server(builder.start(), out, err);
    }

    long pid() {
        return process.pid();
    }

    String said() throws IOException {
        return Files.readString(out) + Files.readString(err);
    }

    URI listening() throws IOException {
        await().atMost(PATIENCE)
                .until(() -> !process.isAlive() || Files.readString(out).startsWith("listening on http"));
        assertThat(process.isAlive()).as(said()).isTrue();
        return URI.create(Files.readString(out)
                .lines()
                .findFirst()
                .orElseThrow()
                .substring("listening on ".length())
                .replace("0.0.0.0", "127.0.0.1"));
    }

    int adminPort() throws IOException {
        listening();
        await().atMost(PATIENCE)
                .until(() -> ADMIN.matcher(Files.readString(err)).find());
        Matcher matcher = ADMIN.matcher(Files.readString(err));
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    String get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(listening().resolve(path)).build(), BodyHandlers.ofString())
                .body();
    }

    /** Has it answer a heartbeat, and say who is there. */
    Server answers() throws IOException, InterruptedException {
        assertThat(get("/v2/presence/sub-key/demo/channel/lobby/heartbeat?uuid=alice&heartbeat=300"))
                .contains("\"status\":200");
        return isThere();
    }

    Server isThere() throws IOException, InterruptedException {
        assertThat(get("/v2/presence/sub-key/demo/channel/lobby")).contains("\"uuids\":[\"alice\"]");
        return this;
    }

    void signal(String name) {
        Shell.ok(Path.of("/"), "kill", "-" + name, Long.toString(pid()));
    }

    /** Ends it with SIGTERM, after which its status is that of success, and it has complained of nothing. */
    void stops() throws IOException, InterruptedException {
        signal("TERM");
        assertThat(status()).as(said()).isZero();
        assertThat(Files.readString(err)
                        .lines()
                        .filter(line -> !line.contains(" INFO ") && !line.contains("development mode")))
                .isEmpty();
    }

    int status() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    void kills() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}

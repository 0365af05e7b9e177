package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.config.KeysetConfig;
import dev.rollcall.server.config.RollcallConfig;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Behind Debian's nginx, with the configuration that {@code docs/proxies.md} tells. */
class NginxIT {
    private static final Path PAGE = Path.of(System.getProperty("basedir", "."))
            .resolve("../docs/proxies.md")
            .normalize();

    private static final KeysetSettings SHORT_HOLD = KeysetSettings.DEFAULT.withPollHold(Duration.ofSeconds(5));

    @TempDir
    Path directory;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private RollcallServer server;
    private Process nginx;
    private int port;

    @BeforeEach
    void start() throws IOException {
        Path program = Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, "nginx"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assertThat(program).as("nginx (expected: installed)").isNotNull();
        server = RollcallServer.start(RollcallConfig.development()
                .withPort(0)
                .withAdminPort(0)
                .withKeysets(
                        new KeysetConfig(new SubscribeKey("k"), "k", KeysetSettings.DEFAULT),
                        new KeysetConfig(new SubscribeKey("short"), "short", SHORT_HOLD)));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path file = directory.resolve("nginx.conf");
        Files.writeString(file, configuration());
        nginx = new ProcessBuilder(program.toString(), "-p", directory.toString(), "-c", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out").toFile())
                .start();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(this::listens);
    }

    /** Returns what the page tells, at other ports and with its files in a folder of ours. */
    private String configuration() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf("```nginx\n") + "```nginx\n".length();
        String told = page.substring(begin, page.indexOf("```", begin));
        assertThat(told).contains("listen 80;", "server 127.0.0.1:8090;", "worker_rlimit_nofile 65536;", "http {");
        String folders = Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
                .map(name -> name + "_temp_path " + directory.resolve(name) + ";\n")
                .collect(Collectors.joining());
        return "user root;\ndaemon off;\npid " + directory.resolve("pid") + ";\nerror_log " + directory.resolve("error")
                + ";\n"
                + told.replace("listen 80;", "listen 127.0.0.1:" + port + ";")
                        .replace("127.0.0.1:8090", "127.0.0.1:" + server.port())
                        .replace("worker_processes auto;", "worker_processes 1;")
                        .replace("worker_rlimit_nofile 65536;", "")
                        .replace("worker_connections 16384;", "worker_connections 512;")
                        .replace("http {", "http {\naccess_log off;\n" + folders);
    }

    private boolean listens() {
        assertThat(nginx.isAlive()).as("nginx").isTrue();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (nginx != null) {
            nginx.destroy();
            if (!nginx.waitFor(10, TimeUnit.SECONDS)) {
                nginx.destroyForcibly().waitFor();
            }
        }
        if (server != null) {
            server.close();
        }
    }

    private CompletableFuture<HttpResponse<String>> send(String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        return client.sendAsync(
                (body.isEmpty() ? request.GET() : request.POST(BodyPublishers.ofString(body))).build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) {
        return send(path, "").join();
    }

    private String handshake(String key) {
        return get("/v2/subscribe/" + key + "/room/0?uuid=u").body().replaceAll("^.*?\"t\":\"(\\d{17})\".*$", "$1");
    }

    @Test
    void poll_waitsAndIsAnswered() {
        CompletableFuture<HttpResponse<String>> poll = send("/v2/subscribe/k/room/0?uuid=u&tt=" + handshake("k"), "");

        assertThat(get("/publish/k/k/0/room/0/%22hi%22").statusCode()).isEqualTo(200);

        assertThat(poll.join().body()).contains("\"d\":\"hi\"");
    }

    @Test
    void poll_thatIsQuietIsAnsweredByTheServer() {
        String position = handshake("short");

        HttpResponse<String> answer = get("/v2/subscribe/short/room/0?uuid=u&tt=" + position);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"t\":{\"t\":\"" + position + "\",\"r\":1},\"m\":[]}");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
    }

    @Test
    void names_passAsTheyCame() {
        for (String name :
                new String[] {"a%2Fb", "a%2Bb+%20", "%C3%A9%F0%9F%98%80", "%25", "..", "a%3Fb%23c", "%2E%2E"}) {
            assertThat(get("/v2/presence/sub-key/k/channel/" + name + "/heartbeat?uuid=" + name)
                            .statusCode())
                    .as(name)
                    .isEqualTo(200);
        }
        assertThat(get("/v2/presence/sub-key/k").body())
                .contains("\"a/b\"", "\"a+b+ \"", "\"é😀\"", "\"%\"", "\"a?b#c\"");
    }

    @Test
    void addressesAndBodies_passUpToTheLimitsOfTheServer() {
        String names = IntStream.range(0, 2000)
                .mapToObj(i -> "channel-%04d".formatted(i))
                .collect(Collectors.joining(","));
        assertThat(get("/v2/presence/sub-key/k/channel/" + names + "/heartbeat?uuid=u")
                        .statusCode())
                .isEqualTo(200);
        String message = '"' + "x".repeat(2 * 1024 * 1024 - 2) + '"';
        assertThat(send("/v2/publish/k/k/0/room/0", message).join().body()).contains("Sent");
        assertThat(get("/v1/files/k/channels/room/files").statusCode()).isEqualTo(403);
        assertThat(get("/v1/files/k/channels/room/files").headers().firstValue("Access-Control-Allow-Origin"))
                .hasValue("*");
    }
}

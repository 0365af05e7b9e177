package dev.rollcall.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hostile clients of one address against a process with 96 MB of heap: a good one beside them is served all along. */
class SmallHeapIT {
    private static final int HOSTILE = 150;

    private final List<RawClient> hostile = new ArrayList<>();
    private Process process;
    private int port;

    @BeforeEach
    void start() throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        classPath,
                        SmallHeapServer.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        port = Integer.parseInt(lines.readLine());
    }

    @AfterEach
    void stop() throws Exception {
        for (RawClient client : hostile) {
            client.close();
        }
        process.getOutputStream().close();
        boolean hasEnded = process.waitFor(10, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(hasEnded).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @FunctionalInterface
    private interface Attack {
        void begin(RawClient client) throws IOException;
    }

    private void attack(int receiveBufferBytes, Attack attack) throws IOException {
        try (RawClient good = RawClient.connect(port)) {
            for (int i = 0; i < HOSTILE; i++) {
                RawClient client = RawClient.connect(port, receiveBufferBytes);
                hostile.add(client);
                try {
                    attack.begin(client);
                } catch (IOException e) {
                    // its connection was closed to make room
                }
                assertThat(good.get("/good").read().text()).isEqualTo("GET 0");
            }
            assertThat(good.send("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
                            .read()
                            .text())
                    .isEqualTo("POST 5");
        }
    }

    @Test
    void answersOfTheirOwnUnread() throws Exception {
        attack(4096, client -> client.get("/own"));
    }

    @Test
    void oneLargeAnswerUnread() throws Exception {
        attack(4096, client -> client.get("/shared"));
    }

    @Test
    void answersUnreadOverHttp2() throws Exception {
        attack(4096, client -> {
            Http2Frames frames = Http2Frames.start(client);
            for (int i = 0; i < 20; i++) {
                frames.get(2 * i + 1, "/own");
            }
        });
    }

    @Test
    void bodiesThatDoNotEnd() throws Exception {
        String most = "x".repeat(1_500_000);
        attack(0, client -> client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n" + most));
    }

    @Test
    void requestsBehindAPoll() throws Exception {
        String behind = "GET /x HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2000);
        attack(0, client -> client.get("/park").send(behind));
    }

    @Test
    void compressedBodies() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(new byte[50_000_000]);
        }
        String head =
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: " + bytes.size() + "\r\n\r\n";
        attack(0, client -> {
            client.send(head).send(bytes.toByteArray());
            assertThat(client.read().status()).isEqualTo(413);
        });
    }
}

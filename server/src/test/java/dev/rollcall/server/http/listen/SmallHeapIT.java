package dev.rollcall.server.http.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile clients of one address against a process with 96 MB of heap: a good one beside them is served all along. */
class SmallHeapIT {
    private static final int HOSTILE = 150;

    private final List<RawClient> hostile = new ArrayList<>();
    private Process process;
    private int port;

    @BeforeEach
    void start() throws IOException {
        start(List.of());
    }

    private void start(List<String> tls) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                classPath,
                SmallHeapServer.class.getName()));
        command.addAll(tls);
        process = new ProcessBuilder(command)
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

    @FunctionalInterface
    private interface Connector {
        RawClient connect(int receiveBufferBytes, String protocol) throws IOException;
    }

    private void attack(int receiveBufferBytes, Attack attack) throws IOException {
        attack((bytes, protocol) -> RawClient.connect(port, bytes), "", receiveBufferBytes, attack);
    }

    private void attack(Connector connector, String protocol, int receiveBufferBytes, Attack attack)
            throws IOException {
        try (RawClient good = connector.connect(0, "http/1.1")) {
            for (int i = 0; i < HOSTILE; i++) {
                RawClient client = connector.connect(receiveBufferBytes, protocol);
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

    /** Over TLS a connection that is dropped must be gone as well, though its client takes no leave. */
    @ParameterizedTest
    @ValueSource(strings = {"h2", "http/1.1"})
    void answersUnreadOverTls(String protocol, @TempDir Path folder) throws Exception {
        stop();
        SelfSignedCertificate certificate = SelfSignedCertificate.create(folder);
        start(List.of(
                certificate.files().certificateChain().toString(),
                certificate.files().privateKey().toString()));
        Connector connector = (bytes, agreed) -> {
            Socket plain = new Socket();
            if (bytes > 0) {
                plain.setReceiveBufferSize(bytes);
            }
            plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            SSLSocket socket = (SSLSocket)
                    certificate.clientContext().getSocketFactory().createSocket(plain, "localhost", port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {agreed});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return new RawClient(socket);
        };
        attack(connector, protocol, 4096, client -> {
            if (protocol.equals("http/1.1")) {
                client.get("/own");
                return;
            }
            Http2Frames frames = Http2Frames.start(client);
            byte[] most = {0x7f, 0, 0, 0};
            frames.send(Http2Frames.SETTINGS, 0, 0, new byte[] {0, 4, 0x7f, 0, 0, 0});
            frames.send(8, 0, 0, most);
            frames.get(1, "/own");
            frames.get(3, "/own");
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

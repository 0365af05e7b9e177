package dev.rollcall.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.rollcall.testkit.ClockMode;
import dev.rollcall.testkit.RollcallTestServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whether the doctor finds what may be wrong, and nothing where all is well. */
class DoctorIT {
    private static RollcallTestServer server;

    private final Terminal terminal = new Terminal();

    @BeforeAll
    static void start() {
        server = RollcallTestServer.builder()
                .keyset(keyset -> keyset.subscribeKey("demo")
                        .presence(presence -> presence.set(
                                "rules",
                                List.of(
                                        java.util.Map.of("pattern", "chat-*"),
                                        java.util.Map.of("pattern", "rollcall-doctor")))))
                .clock(ClockMode.REAL)
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Returns what is wrong. */
    private List<String> wrong(String url, String... more) {
        terminal.clock = Clock.systemUTC();
        terminal.variables.put("ROLLCALL_ADMIN_URL", server.adminUri().toString());
        String[] words = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("doctor", "--json", "--poll", "100ms", "--url", url),
                        java.util.stream.Stream.of(more))
                .toArray(String[]::new);
        int status = terminal.run(words);
        // What this machine allows is not what this is about.
        List<String> bad = terminal.out()
                .lines()
                .filter(line -> line.contains("\"ok\":false") && !line.contains("open-files"))
                .toList();
        assertThat(status).as(terminal.out()).isEqualTo(terminal.out().contains("\"ok\":false") ? 1 : 0);
        assertThat(bad).allMatch(line -> line.contains("\"fix\":\""));
        return bad;
    }

    @Test
    void doctor_findsNothingWhereAllIsWell() {
        assertThat(wrong(server.uri().toString())).isEmpty();
        assertThat(wrong(server.uri().toString(), "--channel", "chat-1")).isEmpty();
    }

    @Test
    void doctor_findsAWrongPort() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        assertThat(wrong("http://127.0.0.1:" + free))
                .singleElement()
                .asString()
                .contains("\"reach\"", "connection refused", "rollcall serve");
        assertThat(wrong(server.adminUri().toString()))
                .singleElement()
                .asString()
                .contains("\"reach\"", "admin port");
    }

    @Test
    void doctor_findsAWrongKey() {
        assertThat(wrong(server.uri().toString(), "--key", "other"))
                .singleElement()
                .asString()
                .contains("\"key\"", "other", "Invalid Subscribe Key");
    }

    @Test
    void doctor_findsAnUntrackedChannel() {
        assertThat(wrong(server.uri().toString(), "--channel", "attic"))
                .singleElement()
                .asString()
                .contains("\"tracked\"", "attic", "rollcall rule test");
    }

    @Test
    void doctor_findsADifferenceBetweenTheClocks() {
        try (RollcallTestServer late = RollcallTestServer.builder()
                .startingAt(Clock.systemUTC()
                        .instant()
                        .minusSeconds(3600)
                        .truncatedTo(java.time.temporal.ChronoUnit.MILLIS))
                .clock(ClockMode.REAL)
                .start()) {
            assertThat(wrong(late.uri().toString())).singleElement().asString().contains("\"clock\"", "behind");
        }
    }

    @Test
    void doctor_findsAProxyThatHoldsAnswersBack() throws IOException {
        try (Proxy proxy = new Proxy(server.port())) {
            assertThat(wrong("http://127.0.0.1:" + proxy.port(), "--channel", "chat-2"))
                    .singleElement()
                    .asString()
                    .contains("\"poll\"", "proxy_buffering off");
        }
    }

    @Test
    void doctor_findsAProxyThatCutsPollsOff() throws IOException {
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext("/", exchange -> {
            boolean polls = exchange.getRequestURI().getPath().startsWith("/v2/subscribe")
                    && !exchange.getRequestURI().getQuery().contains("tt=0&");
            byte[] body = polls
                    ? new byte[0]
                    : server.uri()
                            .resolve(exchange.getRequestURI())
                            .toURL()
                            .openStream()
                            .readAllBytes();
            exchange.sendResponseHeaders(polls ? 504 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        proxy.start();
        try {
            assertThat(wrong("http://127.0.0.1:" + proxy.getAddress().getPort(), "--channel", "chat-3"))
                    .singleElement()
                    .asString()
                    .contains("\"poll\"", "504", "proxy_read_timeout");
        } finally {
            proxy.stop(0);
        }
    }

    /** Passes everything on, but holds the answers to polls that wait until it is closed. */
    private static final class Proxy implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final Set<Socket> open = ConcurrentHashMap.newKeySet();
        private final CountDownLatch closed = new CountDownLatch(1);
        private final int to;

        Proxy(int to) throws IOException {
            this.to = to;
            thread(() -> {
                while (true) {
                    Socket client = socket.accept();
                    open.add(client);
                    thread(() -> pass(client));
                }
            });
        }

        int port() {
            return socket.getLocalPort();
        }

        private interface Work {
            void run() throws Exception;
        }

        private static void thread(Work work) {
            Thread thread = new Thread(() -> {
                try {
                    work.run();
                } catch (Exception e) {
                    // Closed.
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        private void pass(Socket client) throws IOException {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), to);
            open.add(server);
            boolean[] holds = {false};
            thread(() -> copy(server.getInputStream(), client.getOutputStream(), holds, false));
            copy(client.getInputStream(), server.getOutputStream(), holds, true);
        }

        private void copy(InputStream in, OutputStream out, boolean[] holds, boolean isRequest) throws IOException {
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                String text = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
                if (isRequest) {
                    holds[0] = text.startsWith("GET /v2/subscribe") && !text.contains("tt=0&");
                } else if (holds[0]) {
                    try {
                        closed.await();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
                out.write(buffer, 0, read);
                out.flush();
            }
        }

        @Override
        public void close() throws IOException {
            closed.countDown();
            socket.close();
            for (Socket one : open) {
                one.close();
            }
        }
    }
}

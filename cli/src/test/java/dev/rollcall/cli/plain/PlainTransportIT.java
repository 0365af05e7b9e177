package dev.rollcall.cli.plain;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.client.transport.TransportRequest;
import dev.rollcall.client.transport.TransportResponse;
import dev.rollcall.testkit.RollcallTestServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plain requests, to servers that answer in every way that there is, and in some that there is not. */
class PlainTransportIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private ServerSocket server;
    private final PlainTransport transport = new PlainTransport();

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        transport.close();
        server.close();
    }

    private TransportRequest request(String path, byte[] body, Duration timeout) {
        URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
        return new TransportRequest(body == null ? "GET" : "POST", uri, body, timeout);
    }

    /** Answers one request and returns it, up to its last byte that is to come. */
    private CompletableFuture<String> answer(String bytes, int bodyLength) {
        return CompletableFuture.supplyAsync(() -> {
            try (Socket socket = server.accept()) {
                InputStream in = socket.getInputStream();
                StringBuilder read = new StringBuilder();
                int end = -1;
                while (end < 0 || read.length() < end + 4 + bodyLength) {
                    read.append((char) in.read());
                    end = read.indexOf("\r\n\r\n");
                }
                socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
                return read.toString();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private TransportResponse asked() throws Exception {
        return transport.send(request("/a%2Fb?c=d", null, PATIENCE)).get();
    }

    private static String lines(String text) {
        return text.replace("|", "\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "HTTP/1.1 200 OK|Content-Length: 2||{}~ 200~ {}",
                "HTTP/1.1 404|content-LENGTH:2||{}more~ 404~ {}",
                "HTTP/1.0 200 OK||until the end~ 200~ until the end",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|{}|A;x=y|0123456789|0||~ 200~ {}0123456789",
                "HTTP/1.1 100 Continue||HTTP/1.1 200 OK|Content-Length: 1||x~ 200~ x",
                "HTTP/1.1 503 No|Content-Length: 0|Retry-After: 7||~ 503~ ''"
            })
    void send_readsEveryWayInWhichAnswersEnd(String bytes, int status, String body) throws Exception {
        var asked = answer(lines(bytes), 0);
        TransportResponse answer = asked();
        assertThat(answer.status()).isEqualTo(status);
        assertThat(new String(answer.body(), UTF_8)).isEqualTo(body);
        assertThat(answer.retryAfter()).isEqualTo(status == 503 ? "7" : null);
        assertThat(asked.get())
                .isEqualTo("GET /a%2Fb?c=d HTTP/1.1\r\nHost: 127.0.0.1:" + server.getLocalPort()
                        + "\r\nConnection: close\r\nUser-Agent: rollcall\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "''; no answer",
                "SSH-2.0-OpenSSH||; an answer that is no HTTP/1.1",
                "HTTP/1.1 2x0 OK||; an answer that is no HTTP/1.1",
                "HTTP/1.1 -20 OK||; an answer that is no HTTP/1.1",
                "HTTP/1.1 200 OK|Content-Length: 3||{}; half an answer",
                "HTTP/1.1 200 OK|Content-Le; half an answer",
                "HTTP/1.1 200 OK|Content-Length: -1||; an answer whose length is -1",
                "HTTP/1.1 200 OK|Content-Length: 99999999999||; an answer whose length is 99999999999",
                "HTTP/1.1 200 OK|Content-Length: 1|Content-Length: 2||xx; two lengths of one answer",
                "HTTP/1.1 200 OK|: x||; a header that is none",
                "HTTP/1.1 200 OK|Transfer-Encoding: gzip||x; an answer in the coding gzip (expected: chunked)",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||-2|{}|0||; a chunk without a size",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|{}x|0||; a chunk that does not end where it says",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||2|{}|; half an answer"
            })
    void send_refusesAnswersThatAreNone(String bytes, String problem) {
        answer(lines(bytes), 0);
        assertThatThrownBy(this::asked)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessage(problem);
    }

    @Test
    void send_refusesAHeadWithoutAnEnd() {
        answer("HTTP/1.1 200 OK\r\nX: " + "x".repeat(1 << 17), 0);
        assertThatThrownBy(this::asked).hasMessageContaining("a head longer than 65536 characters");
    }

    @Test
    void send_endsWithItsTimeoutHoweverSlowlyBytesTrickle() throws Exception {
        CompletableFuture<Void> trickle = CompletableFuture.runAsync(() -> {
            try (Socket silent = server.accept();
                    Socket slow = server.accept()) {
                assertThat(silent.isBound()).isTrue();
                slow.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
                while (true) {
                    slow.getOutputStream().write('x');
                }
            } catch (IOException e) {
                // It has gone.
            }
        });
        for (String how : new String[] {"silent", "slow"}) {
            assertThatThrownBy(() -> transport
                            .send(request("/" + how, null, Duration.ofMillis(50)))
                            .get())
                    .as(how)
                    .cause()
                    .isInstanceOf(HttpTimeoutException.class);
        }
        trickle.get();
    }

    @Test
    void send_takesABodyAlong() throws Exception {
        var asked = answer(lines("HTTP/1.1 200 OK|Content-Length: 2||{}"), 10);
        transport
                .send(request("/x", "{\"a\":\"\u00e9\"}".getBytes(UTF_8), PATIENCE))
                .get();
        assertThat(asked.get())
                .startsWith("POST /x HTTP/1.1\r\n")
                .contains("\r\nContent-Type: application/json\r\nContent-Length: 10\r\n");
    }

    @Test
    void send_leavesWhatIsNotPlainToTheOrdinaryTransport() throws Exception {
        assertThat(PlainTransport.isPlain(URI.create("https://127.0.0.1/"))).isFalse();
        assertThat(PlainTransport.isPlain(URI.create("http://a_b/"))).isFalse();
        assertThat(PlainTransport.isPlain(URI.create("HTTP://127.0.0.1/"))).isTrue();
        System.setProperty("http.proxyHost", "127.0.0.1");
        try {
            assertThat(PlainTransport.isPlain(URI.create("http://127.0.0.1/"))).isFalse();
        } finally {
            System.clearProperty("http.proxyHost");
        }
        byte[] large = "[".repeat(9000).getBytes(UTF_8);
        var asked = answer(lines("HTTP/1.1 200 OK|Content-Length: 2||{}"), large.length);
        assertThat(transport.send(request("/x", large, PATIENCE)).get().status())
                .isEqualTo(200);
        assertThat(asked.get()).contains("User-Agent: Java-http-client");
    }

    @Test
    void send_isAnsweredByAServer() throws Exception {
        try (RollcallTestServer rollcall = RollcallTestServer.builder().start()) {
            URI uri = rollcall.uri().resolve("/v2/presence/sub-key/demo/channel/lobby");
            TransportResponse answer = transport
                    .send(new TransportRequest("GET", uri, null, PATIENCE))
                    .get();
            assertThat(new String(answer.body(), UTF_8)).contains("\"occupancy\":0");
        }
    }

    @Test
    void schedule_runsATaskUnlessItIsCalledOff() throws Exception {
        CompletableFuture<Boolean> ran = new CompletableFuture<>();
        transport
                .scheduler()
                .schedule(Duration.ofHours(1), () -> ran.complete(false))
                .cancel();
        transport.scheduler().schedule(Duration.ofMillis(1), () -> ran.complete(true));
        assertThat(ran.get()).isTrue();
        CompletableFuture<Boolean> called = new CompletableFuture<>();
        transport.callbacks().execute(() -> called.complete(true));
        assertThat(called.get()).isTrue();
    }
}

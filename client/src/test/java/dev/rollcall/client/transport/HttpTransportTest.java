package dev.rollcall.client.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpTransportTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private ScriptedServer server;
    private HttpTransport transport;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer();
        transport = HttpTransport.create();
    }

    @AfterEach
    void stop() throws IOException {
        transport.close();
        server.close();
    }

    private TransportRequest get(String path, Duration timeout) {
        return new TransportRequest("GET", URI.create(server.base() + path), null, timeout);
    }

    private static TransportResponse await(CompletableFuture<TransportResponse> answer) throws Exception {
        return answer.get(10, TimeUnit.SECONDS);
    }

    @Test
    void send_bringsStatusRetryAfterAndBody() throws Exception {
        CompletableFuture<TransportResponse> answer = transport.send(get("/a%2Cb/x?y=%20", LONG));
        ScriptedServer.Exchange exchange = server.take();
        assertThat(exchange.requestLine()).isEqualTo("GET /a%2Cb/x?y=%20 HTTP/1.1");
        assertThat(exchange.headers()).doesNotContainKey("upgrade");
        exchange.send("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\n{}");
        TransportResponse response = await(answer);
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.retryAfter()).isEqualTo("7");
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo("{}");
    }

    @Test
    void send_postsBodies() throws Exception {
        byte[] body = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
        CompletableFuture<TransportResponse> answer =
                transport.send(new TransportRequest("POST", URI.create(server.base() + "/p"), body, LONG));
        ScriptedServer.Exchange exchange = server.take();
        assertThat(exchange.requestLine()).startsWith("POST /p ");
        assertThat(exchange.headers()).containsEntry("content-type", "application/json");
        assertThat(exchange.body()).isEqualTo("{\"a\":1}");
        exchange.ok("[]");
        assertThat(await(answer).status()).isEqualTo(200);
    }

    @Test
    void send_usesOneConnectionForRequestsInARow() throws Exception {
        for (int i = 0; i < 20; i++) {
            CompletableFuture<TransportResponse> answer = transport.send(get("/" + i, LONG));
            server.take().ok("{}");
            await(answer);
        }
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void send_usesOneConnectionWhereTheNextRequestFollowsFromTheAnswer() throws Exception {
        CompletableFuture<TransportResponse> second =
                transport.send(get("/1", LONG)).thenCompose(first -> transport.send(get("/2", LONG)));
        server.take().ok("{}");
        server.take().ok("{}");
        await(second);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void send_answersOnTheThreadsOfThePool() throws Exception {
        CompletableFuture<String> thread = transport
                .send(get("/", LONG))
                .thenApply(response -> Thread.currentThread().getName());
        server.take().ok("{}");
        assertThat(thread.get(10, TimeUnit.SECONDS)).startsWith("rollcall-http-");
    }

    @Test
    void cancel_closesTheConnection() throws Exception {
        CompletableFuture<TransportResponse> answer = transport.send(get("/held", LONG));
        ScriptedServer.Exchange exchange = server.take();
        answer.cancel(true);
        assertThat(exchange.isClosedByClient()).isTrue();
    }

    @Test
    void send_timesOutWithoutAnswer() throws Exception {
        CompletableFuture<TransportResponse> answer = transport.send(get("/held", Duration.ofSeconds(3)));
        ScriptedServer.Exchange exchange = server.take();
        assertThatThrownBy(() -> await(answer))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(HttpTimeoutException.class);
        assertThat(exchange.isClosedByClient()).isTrue();
    }

    @Test
    void send_timesOutWhenTheBodyStalls() throws Exception {
        CompletableFuture<TransportResponse> answer = transport.send(get("/held", Duration.ofMillis(100)));
        server.take().send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{");
        assertThatThrownBy(() -> await(answer))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void send_failsWhenTheBodyIsCutShort() throws Exception {
        CompletableFuture<TransportResponse> answer = transport.send(get("/", LONG));
        ScriptedServer.Exchange exchange = server.take();
        exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"a\"");
        exchange.close();
        assertThatThrownBy(() -> await(answer))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void close_failsWhatIsUnderWayAndWhatComesAfter() throws Exception {
        CompletableFuture<TransportResponse> held = transport.send(get("/held", LONG));
        server.take();
        transport.close();
        assertThat(held).isCompletedExceptionally();
        assertThat(transport.send(get("/", LONG))).isCompletedExceptionally();
    }

    @Test
    void builder_refusesTimeoutThatIsNotPositive() {
        assertThatThrownBy(() -> HttpTransport.builder().connectTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> get("/", Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }
}

package dev.rollcall.client.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.RollcallException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a transport costs at most, and what it does for odd networks. */
class TransportLimitsIT {
    private ScriptedServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private int port() {
        return URI.create(server.base()).getPort();
    }

    private TransportRequest get(String uri) {
        return new TransportRequest("GET", URI.create(uri), null, Duration.ofSeconds(20));
    }

    @Test
    void answerWithoutEnd_isGivenUp() throws Exception {
        try (HttpTransport transport =
                HttpTransport.builder().maxAnswerBytes(10_000).build()) {
            CompletableFuture<TransportResponse> answer = transport.send(get(server.base() + "/a"));
            ScriptedServer.Exchange exchange = server.take();
            exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 11; i++) {
                exchange.send("3e8\r\n" + "x".repeat(1000) + "\r\n");
            }
            assertThatThrownBy(() -> answer.get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IOException.class)
                    .hasMessageContaining("answer longer than 10000 bytes");
            assertThat(exchange.isClosedByClient()).isTrue();
        }
    }

    @Test
    void hostWithAnUnderscore_isLookedUp() throws Exception {
        List<String> asked = new ArrayList<>();
        try (HttpTransport transport = HttpTransport.builder()
                .addresses(host -> {
                    asked.add(host);
                    return InetAddress.getLoopbackAddress();
                })
                .build()) {
            ClientConfig config = ClientConfig.builder("demo", "me")
                    .origin("rollcall_server:" + port())
                    .secure(false)
                    .build();
            try (RollcallClient client = RollcallClient.create(config, transport)) {
                CompletableFuture<?> time = client.time().future();
                ScriptedServer.Exchange exchange = server.take();
                assertThat(exchange.requestLine()).startsWith("GET /time/0?");
                exchange.ok("[1]");
                time.get(20, TimeUnit.SECONDS);
            }
        }
        assertThat(asked).containsExactly("rollcall_server");
    }

    @Test
    void publish_isSentOnceOnAConnectionThatBreaks() throws Exception {
        ClientConfig config = ClientConfig.builder("demo", "me")
                .publishKey("pub")
                .origin("127.0.0.1:" + port())
                .build();
        try (RollcallClient client = RollcallClient.create(config)) {
            CompletableFuture<?> time = client.time().future();
            server.take().ok("[1]");
            time.get(20, TimeUnit.SECONDS);
            CompletableFuture<?> published =
                    client.publish().channel("a").message(1).future();
            ScriptedServer.Exchange publish = server.take();
            assertThat(publish.requestLine()).startsWith("POST /publish/");
            publish.close();
            assertThatThrownBy(() -> published.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(RollcallException.class);
            CompletableFuture<?> next = client.time().future();
            ScriptedServer.Exchange exchange = server.take();
            assertThat(exchange.requestLine()).as("and not the publish again").startsWith("GET /time/0");
            exchange.ok("[1]");
            next.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void proxy_getsItsCredentials() throws Exception {
        try (HttpTransport transport = HttpTransport.builder()
                .proxy(ProxySelector.of(new InetSocketAddress("127.0.0.1", port())))
                .proxyCredentials("ann", "pass".toCharArray())
                .build()) {
            CompletableFuture<TransportResponse> answer = transport.send(get("http://service.invalid/a"));
            server.take()
                    .send("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                            + "Content-Length: 0\r\n\r\n");
            ScriptedServer.Exchange second = server.take();
            String expected =
                    "Basic " + Base64.getEncoder().encodeToString("ann:pass".getBytes(StandardCharsets.UTF_8));
            assertThat(second.headers()).containsEntry("proxy-authorization", expected);
            second.ok("{}");
            assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        }
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("rollcall"))
                .collect(Collectors.toSet());
    }

    @Test
    void threads_areGoneAfterClose() throws Exception {
        Set<Thread> before = threads();
        HttpTransport transport = HttpTransport.create();
        CompletableFuture<TransportResponse> answer = transport.send(get(server.base() + "/a"));
        server.take().ok("{}");
        answer.get(20, TimeUnit.SECONDS);
        CountDownLatch ran = new CountDownLatch(1);
        transport.callbacks().execute(ran::countDown);
        assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<TransportResponse> open = transport.send(get(server.base() + "/b"));
        transport.close();
        assertThat(open).isCompletedExceptionally();
        await().atMost(Duration.ofSeconds(30)).until(() -> before.containsAll(threads()));
    }

    @Test
    void shared_isClosedWithTheLastOfItsHolders() {
        SharedTransport one = SharedTransport.acquire();
        SharedTransport two = SharedTransport.acquire();
        one.close();
        one.close();
        assertThat(two.isClosed()).isFalse();
        two.close();
        assertThat(two.isClosed()).isTrue();
    }

    @Test
    void callbacks_growWhileAllAreStuck() throws Exception {
        try (HttpTransport transport = HttpTransport.create()) {
            int tasks = 20;
            CountDownLatch all = new CountDownLatch(tasks);
            AtomicInteger met = new AtomicInteger();
            for (int i = 0; i < tasks; i++) {
                transport.callbacks().execute(() -> {
                    all.countDown();
                    try {
                        if (all.await(60, TimeUnit.SECONDS)) {
                            met.incrementAndGet();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> met.get() == tasks);
        }
    }
}

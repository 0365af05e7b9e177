package dev.rollcall.sdktests.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rollcall.client.Category;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.testing.Recorder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A proxy that answers quiet polls with 504 and a page, again and again, and a portal that answers everything with 200 and a page. */
class ProxyCutsIT {
    private static final byte[] PAGE =
            "<html><body>Gateway Time-out, or please log in</body></html>".getBytes(StandardCharsets.UTF_8);

    private final LiveServer server = new LiveServer();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicInteger cuts = new AtomicInteger();
    private final AtomicInteger pages = new AtomicInteger();
    private volatile boolean portal;

    @AfterEach
    void stop() {
        server.close();
        threads.shutdownNow();
    }

    private static void until(java.util.concurrent.Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }

    private HttpServer proxy() throws IOException {
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        HttpClient http = HttpClient.newHttpClient();
        proxy.setExecutor(threads);
        proxy.createContext("/", exchange -> forward(http, exchange));
        proxy.start();
        return proxy;
    }

    private void forward(HttpClient http, HttpExchange exchange) throws IOException {
        int status = 200;
        byte[] body = PAGE;
        if (portal) {
            pages.incrementAndGet();
        } else {
            try {
                HttpResponse<byte[]> response = http.sendAsync(
                                HttpRequest.newBuilder(
                                                URI.create("http://" + server.origin() + exchange.getRequestURI()))
                                        .build(),
                                HttpResponse.BodyHandlers.ofByteArray())
                        .get(2500, TimeUnit.MILLISECONDS);
                status = response.statusCode();
                body = response.body();
            } catch (Exception e) {
                status = 504;
                cuts.incrementAndGet();
            }
        }
        exchange.getResponseHeaders().set("Content-Type", "text/html");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Test
    void nothingIsLostOrTwice_andNobodyGivesUp() throws IOException {
        HttpServer proxy = proxy();
        try {
            RollcallClient me = server.client(server.config("cuts", "me")
                    .origin("127.0.0.1:" + proxy.getAddress().getPort()));
            RollcallClient publisher = server.client("cuts", "publisher");
            Recorder told = new Recorder();
            me.addListener(told);
            LiveServer.subscribed(me.subscribe().channels("room"));
            List<Integer> expected = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int seen = cuts.get();
                until(() -> cuts.get() > seen);
                publisher.publish().channel("room").message(i).sync();
                expected.add(i);
            }
            until(() -> told.messages().size() >= expected.size());
            assertThat(told.categories())
                    .as("a quiet poll that is cut is no news")
                    .containsExactly(Category.CONNECTED);

            portal = true;
            until(() -> pages.get() >= 3);
            publisher.publish().channel("room").message(3).sync();
            expected.add(3);
            portal = false;
            until(() -> told.messages().size() >= expected.size());
            publisher.publish().channel("room").message(4).sync();
            expected.add(4);
            until(() -> told.messages().size() >= expected.size());
            assertThat(told.messages())
                    .extracting(message -> message.payload().asInt())
                    .containsExactlyElementsOf(expected);
            assertThat(told.categories()).doesNotContain(Category.UNEXPECTED_DISCONNECT);
            assertThat(told.statuses()).allMatch(status -> !status.isError() || status.goesOn());
        } finally {
            proxy.stop(0);
        }
    }
}

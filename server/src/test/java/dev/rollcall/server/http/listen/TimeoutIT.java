package dev.rollcall.server.http.listen;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.server.http.HttpMetrics.DropReason;
import dev.rollcall.server.http.listen.TestServer.Parked;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What runs out of time, by the clock of the test. */
class TimeoutIT {
    @Test
    void slowRequest_is408ThenClosed() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: ");
            // the server has seen the beginning once the connection exists and its bytes are read
            awaitOpened(server, 1);
            for (int second = 0; second < 9; second++) {
                server.elapse(ofSeconds(1));
                client.send("x");
            }
            await().during(ofMillis(50)).until(() -> server.refusals.isEmpty());
            await().until(() -> {
                server.elapse(ofSeconds(1));
                return !server.refusals.isEmpty();
            });

            assertThat(client.read().text()).contains("\"status\":408");
            assertThat(client.isAtEnd()).isTrue();
            assertThat(server.drops).containsExactly(DropReason.REQUEST_TIMEOUT);
        }
    }

    @Test
    void halfPreface_is408() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            client.send("PRI * HTTP/2.0\r\n");
            await().until(() -> {
                server.elapse(ofSeconds(5));
                return !server.refusals.isEmpty();
            });
            assertThat(client.read().status()).isEqualTo(408);
        }
    }

    @Test
    void clientThatKeepsSendingAfterRefusal_isClosed() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            client.send("NONSENSE\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(400);
            server.elapse(ofSeconds(2));
            await().until(() -> server.closed.get() == 1);
        }
    }

    @Test
    void idleConnection_isClosed() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient fresh = server.connect();
                RawClient used = server.connect()) {
            used.get("/").read();
            awaitOpened(server, 2);
            server.elapse(ofSeconds(319));
            await().during(ofMillis(50)).until(() -> server.closed.get() == 0);
            server.elapse(ofSeconds(1));

            assertThat(fresh.isAtEnd()).isTrue();
            assertThat(used.isAtEnd()).isTrue();
            assertThat(server.drops).containsExactly(DropReason.IDLE, DropReason.IDLE);
        }
    }

    @Test
    void parkedPoll_isNotIdle() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            client.get("/park");
            Parked parked = server.awaitParked();
            server.elapse(ofSeconds(1000));
            await().during(ofMillis(50)).until(() -> server.closed.get() == 0);
            parked.exchange().respond(TestServer.json("late"));

            assertThat(client.read().text()).isEqualTo("late");
            // idle time begins with the answer
            server.elapse(ofSeconds(319));
            assertThat(client.get("/").read().status()).isEqualTo(200);
        }
    }

    @Test
    void connectionAboveLimit_isClosed() throws Exception {
        try (TestServer server = TestServer.start(limits -> limits.maxConnections(1));
                RawClient first = server.connect()) {
            first.get("/").read();
            try (RawClient second = server.connect()) {
                assertThat(second.isAtEnd()).isTrue();
            }
            assertThat(first.get("/").read().status()).isEqualTo(200);
            assertThat(server.drops).containsExactly(DropReason.CONNECTION_LIMIT);
        }
    }

    @Test
    void clientThatDoesNotRead_isDropped() throws Exception {
        String large = "x".repeat(16 * 1024 * 1024);
        try (TestServer server = TestServer.start(
                        limits -> {}, (request, exchange) -> exchange.respond(TestServer.json(large)));
                RawClient client = RawClient.connect(server.port(), 4096)) {
            client.get("/");
            await().until(() -> {
                server.elapse(ofSeconds(10));
                return server.drops.contains(DropReason.UNREAD_TOO_LONG);
            });
            await().until(() -> server.closed.get() == 1);
        }
    }

    @Test
    void clientThatDoesNotReadItsLastAnswer_isDropped() throws Exception {
        String large = "x".repeat(16 * 1024 * 1024);
        try (TestServer server = TestServer.start(
                        limits -> {}, (request, exchange) -> exchange.respond(TestServer.json(large)));
                RawClient client = RawClient.connect(server.port(), 4096)) {
            client.get("/", "Connection: close");
            await().until(() -> {
                server.elapse(ofSeconds(10));
                return server.closed.get() == 1;
            });
            assertThat(server.drops).containsExactly(DropReason.UNREAD_TOO_LONG);
        }
    }

    @Test
    void clientThatDoesNotRead_getsNoFurtherRequestHandled() throws Exception {
        String large = "x".repeat(16 * 1024 * 1024);
        AtomicInteger handled = new AtomicInteger();
        try (TestServer server = TestServer.start(limits -> {}, (request, exchange) -> {
                    handled.incrementAndGet();
                    exchange.respond(TestServer.json(large));
                });
                RawClient client = RawClient.connect(server.port(), 4096)) {
            client.get("/1").get("/2").get("/3");
            await().until(() -> handled.get() == 1);
            await().during(ofMillis(100)).until(() -> handled.get() == 1);
            for (int i = 0; i < 3; i++) {
                assertThat(client.read().body()).hasSize(large.length());
            }
            assertThat(handled).hasValue(3);
        }
    }

    private static void awaitOpened(TestServer server, int count) {
        await().until(() -> server.opened.get() == count);
    }
}

package dev.rollcall.server.http.listen;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.listen.TestServer.Parked;
import org.junit.jupiter.api.Test;

/** Clients that close their direction when they have asked, and read on. */
class HalfCloseIT {
    @Test
    void answerThatComesLater_isRead() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            Parked parked = server.park(client);
            client.shutdownOutput();
            await().during(ofMillis(100)).until(() -> server.closed.get() == 0);
            parked.exchange().respond(TestServer.json("later"));

            assertThat(client.read().text()).isEqualTo("later");
            assertThat(client.isAtEnd()).isTrue();
            await().until(() -> server.closed.get() == 1);
        }
    }

    @Test
    void largeAnswer_isReadToItsEnd() throws Exception {
        Response answer = TestServer.json("x".repeat(8_000_000));
        try (TestServer server = TestServer.start((request, exchange) -> exchange.respond(answer));
                RawClient client = RawClient.connect(server.port(), 4096)) {
            client.get("/").shutdownOutput();
            assertThat(client.read().body()).hasSize(8_000_000);
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    /** So that the server has to wait for the client again and again, when there is nothing left to read from it. */
    @Test
    void largeAnswer_isReadToItsEndInBursts() throws Exception {
        int length = 8_000_000;
        Response answer = TestServer.json("x".repeat(length));
        try (TestServer server = TestServer.start((request, exchange) -> exchange.respond(answer));
                RawClient client = server.connect()) {
            client.get("/", "Connection: close").shutdownOutput();
            int read = 0;
            int next = 0;
            for (int count = 1; count > 0; read += count) {
                if (read >= next) {
                    // Until the queues in between are full.
                    long[] kept = {-1};
                    await().pollInterval(ofMillis(20)).until(() -> {
                        long before = kept[0];
                        kept[0] = server.server.bufferedBytes();
                        return kept[0] == before;
                    });
                    next = read + 700_000;
                }
                count = client.readOnce().length;
            }
            assertThat(read).isGreaterThan(length);
            assertThat(server.drops).isEmpty();
        }
    }

    @Test
    void requestsInARow_areAllAnswered() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            Parked parked = server.park(client);
            client.get("/1").get("/2").shutdownOutput();
            await().during(ofMillis(100)).until(() -> server.closed.get() == 0);
            parked.exchange().respond(TestServer.json("first"));

            assertThat(client.read().text()).isEqualTo("first");
            assertThat(client.read().text()).isEqualTo("GET /1 null ");
            assertThat(client.read().text()).isEqualTo("GET /2 null ");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void nothingOrHalfARequest_isClosed() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient silent = server.connect();
                RawClient half = server.connect()) {
            silent.shutdownOutput();
            half.send("GET / HTTP/1.1\r\nHo").shutdownOutput();
            assertThat(silent.isAtEnd()).isTrue();
            assertThat(half.isAtEnd()).isTrue();
            await().until(() -> server.closed.get() == 2);
            assertThat(server.errors).hasValue(0);
        }
    }
}

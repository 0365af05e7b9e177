package dev.rollcall.server.http.listen;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rollcall.server.http.Exchange;
import dev.rollcall.server.http.HttpServerOptions;
import dev.rollcall.server.http.listen.TestServer.Parked;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How a server starts, stops and hands out many answers. */
class HttpServerIT {
    @Test
    void fanOut_bringsEachAnswerOnce() throws Exception {
        int clients = 1000;
        int rounds = 10;
        List<RawClient> connected = new ArrayList<>();
        try (TestServer server = TestServer.start()) {
            for (int i = 0; i < clients; i++) {
                connected.add(server.connect());
            }
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < clients; i++) {
                    connected.get(i).get("/park?" + i);
                }
                List<Parked> all = new ArrayList<>();
                for (int i = 0; i < clients; i++) {
                    all.add(server.awaitParked());
                }
                for (Parked parked : all) {
                    parked.exchange().respond(TestServer.json(parked.request().rawQuery() + "/" + round));
                }
                for (int i = 0; i < clients; i++) {
                    assertThat(connected.get(i).read().text()).isEqualTo(i + "/" + round);
                }
            }
            assertThat(server.parked).isEmpty();
        } finally {
            for (RawClient client : connected) {
                client.close();
            }
        }
    }

    @Test
    void answersFromManyThreads_areEachWrittenOnce() throws Exception {
        int clients = 200;
        List<RawClient> connected = new ArrayList<>();
        try (TestServer server = TestServer.start()) {
            List<Parked> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                RawClient client = server.connect();
                connected.add(client);
                all.add(server.park(client));
                client.get("/after");
            }
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int thread = i;
                threads.add(new Thread(
                        () -> all.forEach(parked -> parked.exchange().respond(TestServer.json("by " + thread)))));
            }
            threads.forEach(Thread::start);
            for (RawClient client : connected) {
                assertThat(client.read().text()).startsWith("by ");
                assertThat(client.read().text()).isEqualTo("GET /after null ");
            }
            for (Thread thread : threads) {
                thread.join();
            }
        } finally {
            for (RawClient client : connected) {
                client.close();
            }
        }
    }

    @Test
    void answersFromHandlerOfAnother_reachTheirPolls() throws Exception {
        List<Exchange> waiting = new ArrayList<>();
        try (TestServer server = TestServer.start((request, exchange) -> {
                    synchronized (waiting) {
                        if (request.rawPath().equals("/park")) {
                            waiting.add(exchange);
                            return;
                        }
                        waiting.forEach(poll -> poll.respond(TestServer.json("event")));
                        waiting.clear();
                    }
                    exchange.respond(TestServer.json("published"));
                });
                RawClient first = server.connect();
                RawClient second = server.connect();
                RawClient publisher = server.connect()) {
            first.get("/park");
            second.get("/park");
            await().until(() -> {
                synchronized (waiting) {
                    return waiting.size() == 2;
                }
            });
            assertThat(publisher.get("/publish").read().text()).isEqualTo("published");
            assertThat(first.read().text()).isEqualTo("event");
            assertThat(second.read().text()).isEqualTo("event");
        }
    }

    @Test
    void stopAccepting_closesIdleAndLetsParkedEnd() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient idle = server.connect();
                RawClient waiting = server.connect()) {
            idle.get("/").read();
            Parked parked = server.park(waiting);
            server.server.stopAccepting();

            assertThat(idle.isAtEnd()).isTrue();
            assertThatThrownBy(server::connect).isInstanceOf(ConnectException.class);
            parked.exchange().respond(TestServer.json("bye"));
            RawClient.Answer answer = waiting.read();
            assertThat(answer.text()).isEqualTo("bye");
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(waiting.isAtEnd()).isTrue();
        }
    }

    @Test
    void close_isBoundedAndDisconnectsWhoIsLeft() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            Parked parked = server.park(client);
            CountDownLatch gone = new CountDownLatch(1);
            parked.exchange().onDisconnect(gone::countDown);
            server.server.close(ofMillis(50));

            assertThat(gone.getCount()).isZero();
            assertThat(client.isAtEnd()).isTrue();
            parked.exchange().respond(TestServer.json("to nobody"));
            server.server.close(ofSeconds(1));
        }
    }

    @Test
    void portInUse_isSaid() throws IOException {
        try (TestServer server = TestServer.start()) {
            assertThatThrownBy(() -> HttpServer.bind(
                            new HttpServerOptions("127.0.0.1", server.port()),
                            (request, exchange) -> exchange.respond(TestServer.json(""))))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + server.port());
        }
    }

    @Test
    void connections_areCounted() throws Exception {
        try (TestServer server = TestServer.start()) {
            try (RawClient client = server.connect()) {
                client.get("/").read();
                assertThat(server.opened).hasValue(1);
                assertThat(server.closed).hasValue(0);
            }
            await().until(() -> server.closed.get() == 1);
        }
    }
}

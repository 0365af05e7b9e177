package dev.rollcall.server.http.listen;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.server.http.HttpMetrics.DropReason;
import dev.rollcall.server.http.HttpMetrics.RefusalReason;
import dev.rollcall.server.http.listen.Http2Frames.Frame;
import dev.rollcall.server.http.listen.TestServer.Parked;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** HTTP/2 without TLS. */
class Http2IT {
    @Test
    void upgrade_answersFirstRequestInHttp2() throws Exception {
        try (TestServer server = TestServer.start()) {
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
            URI uri = URI.create("http://127.0.0.1:" + server.port() + "/a?b");
            HttpResponse<String> first = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            HttpResponse<String> second = client.send(
                    HttpRequest.newBuilder(uri)
                            .POST(BodyPublishers.ofString("body"))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(first.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(first.body()).isEqualTo("GET /a b ");
            assertThat(first.headers().map())
                    .containsKeys("content-length", "date", "access-control-allow-origin")
                    .doesNotContainKeys("connection", "transfer-encoding");
            assertThat(second.body()).isEqualTo("POST /a b body");
            assertThat(server.opened).hasValue(1);
        }
    }

    @Test
    void upgradeByPost_keepsBody() throws Exception {
        try (TestServer server = TestServer.start()) {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/a"))
                                    .POST(BodyPublishers.ofString("first"))
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body()).isEqualTo("POST /a null first");
        }
    }

    @Test
    void upgrade_parkedPollIsAnsweredLater() throws Exception {
        try (TestServer server = TestServer.start()) {
            CompletableFuture<HttpResponse<String>> answer = HttpClient.newHttpClient()
                    .sendAsync(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/park"))
                                    .build(),
                            BodyHandlers.ofString());
            server.awaitParked().exchange().respond(TestServer.json("later"));
            assertThat(answer.get(60, TimeUnit.SECONDS).body()).isEqualTo("later");
        }
    }

    @Test
    void upgradeWithBadSettings_staysHttp1() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            RawClient.Answer answer = client.get(
                            "/a", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMA")
                    .read();
            assertThat(answer.text()).isEqualTo("GET /a null ");
            assertThat(client.get("/b").read().text()).isEqualTo("GET /b null ");
        }
    }

    @Test
    void priorKnowledge_answersStreamsInAnyOrder() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            frames.get(1, "/park");
            frames.get(3, "/b");
            Frame head = frames.read(Http2Frames.HEADERS);
            assertThat(head.stream()).isEqualTo(3);
            assertThat(head.payload()[0]).isEqualTo(Http2Frames.STATUS_200);
            assertThat(new String(frames.read(Http2Frames.DATA).payload(), US_ASCII))
                    .isEqualTo("GET /b null ");

            server.awaitParked().exchange().respond(TestServer.json("first"));
            assertThat(frames.read(Http2Frames.HEADERS).stream()).isEqualTo(1);
            Frame body = frames.read(Http2Frames.DATA);
            assertThat(new String(body.payload(), US_ASCII)).isEqualTo("first");
            assertThat(body.isEndOfStream()).isTrue();
        }
    }

    @Test
    void prefaceInPieces_isRecognised() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            for (char c : "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertThat(client.readBytes(4)[3]).isEqualTo((byte) Http2Frames.SETTINGS);
        }
    }

    @Test
    void resetOfStream_isDisconnect() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            frames.get(1, "/park");
            frames.get(3, "/park");
            Parked first = server.awaitParked();
            Parked second = server.awaitParked();
            CountDownLatch gone = new CountDownLatch(1);
            first.exchange().onDisconnect(gone::countDown);
            frames.reset(1);
            assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();

            second.exchange().respond(TestServer.json("2"));
            assertThat(frames.read(Http2Frames.HEADERS).stream()).isEqualTo(3);
            CountDownLatch goneToo = new CountDownLatch(1);
            frames.get(5, "/park");
            server.awaitParked().exchange().onDisconnect(goneToo::countDown);
            client.reset();
            assertThat(goneToo.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void unfinishedRequest_is408() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            frames.post(1, "/a");
            frames.data(1, "x", false);
            await().until(() -> {
                server.elapse(ofSeconds(3));
                return !server.refusals.isEmpty();
            });
            assertThat(new String(frames.read(Http2Frames.DATA).payload(), US_ASCII))
                    .contains("408");
            assertThat(frames.read(Http2Frames.RST_STREAM).payload()).containsExactly(0, 0, 0, 0);
            frames.get(3, "/b");
            assertThat(frames.read(Http2Frames.HEADERS).stream()).isEqualTo(3);
        }
    }

    @Test
    void longBody_is413() throws Exception {
        try (TestServer server = TestServer.start(limits -> limits.bodyBytes(10));
                RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            frames.post(1, "/a");
            frames.data(1, "12345678901", false);
            assertThat(new String(frames.read(Http2Frames.DATA).payload(), US_ASCII))
                    .contains("413");
            frames.read(Http2Frames.RST_STREAM);
            frames.post(3, "/a");
            frames.data(3, "1234567890", true);
            assertThat(new String(frames.read(Http2Frames.DATA).payload(), US_ASCII))
                    .isEqualTo("POST /a null 1234567890");
        }
    }

    @Test
    void longUri_is414AndLongHeadersAre431() throws Exception {
        try (TestServer server =
                        TestServer.start(limits -> limits.uriBytes(1000).headerBytes(1000));
                RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            frames.get(1, "/" + "a".repeat(1000));
            assertThat(new String(frames.read(Http2Frames.DATA).payload(), US_ASCII))
                    .contains("414");
            frames.get(3, "/" + "a".repeat(2200));
            assertThat(new String(frames.read(Http2Frames.DATA).payload(), US_ASCII))
                    .contains("431");
            // far above the limit, the headers are not even decoded, which no connection survives
            frames.get(5, "/" + "a".repeat(10_000));
            frames.read(Http2Frames.GOAWAY);
        }
    }

    @Test
    void streamsAboveLimit_areRefused() throws Exception {
        try (TestServer server = TestServer.start(limits -> limits.maxStreams(2));
                RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            frames.get(1, "/park");
            frames.get(3, "/park");
            frames.get(5, "/park");
            assertThat(frames.read(Http2Frames.RST_STREAM).stream()).isEqualTo(5);
        }
    }

    @Test
    void rapidResets_endConnection() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            for (int i = 0; i < 1001; i++) {
                frames.get(2 * i + 1, "/park");
                frames.reset(2 * i + 1);
            }
            frames.read(Http2Frames.GOAWAY);
            await().until(() -> server.drops.contains(DropReason.HTTP2_ERROR));
        }
    }

    @Test
    void endlessHeaders_endConnection() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            frames.send(Http2Frames.HEADERS, 0, 1, Http2Frames.head(0x82, "/"));
            for (int i = 0; i < 20; i++) {
                frames.send(Http2Frames.CONTINUATION, 0, 1, new byte[0]);
            }
            frames.read(Http2Frames.GOAWAY);
        }
    }

    @Test
    void clientThatOpensNoWindow_isDropped() throws Exception {
        String large = "x".repeat(1_000_000);
        try (TestServer server = TestServer.start((request, exchange) -> exchange.respond(TestServer.json(large)));
                RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            frames.get(1, "/");
            await().until(() -> {
                server.elapse(ofSeconds(10));
                return server.drops.contains(DropReason.UNREAD_TOO_LONG);
            });
            await().until(() -> server.closed.get() == 1);
        }
    }

    @Test
    void answersThatPileUp_areRefusedAndTheClientIsDroppedIfItReadsNone() throws Exception {
        String large = "x".repeat(1_000_000);
        try (TestServer server = TestServer.start(
                        limits -> limits.pendingWriteBytes(3_000_000),
                        (request, exchange) -> exchange.respond(TestServer.json(large)));
                RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            for (int i = 0; i < 10; i++) {
                frames.get(2 * i + 1, "/");
            }
            // three of a million bytes may wait, and each of the others is told so on its stream
            await().until(() -> server.refusedFor.size() == 7);
            assertThat(server.refusedFor).containsOnly(RefusalReason.UNREAD_TOO_MUCH);
            assertThat(server.drops).isEmpty();
            await().until(() -> {
                server.elapse(ofSeconds(10));
                return server.drops.contains(DropReason.UNREAD_TOO_LONG);
            });
            await().until(() -> server.closed.get() == 1);
        }
    }

    @Test
    void idleConnection_isClosedWithGoodbye() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            frames.get(1, "/");
            frames.read(Http2Frames.DATA);
            // idle time begins when the server knows that the answer is out, a little after the client has it
            await().until(() -> {
                server.elapse(ofSeconds(320));
                return server.drops.contains(DropReason.IDLE);
            });
            frames.read(Http2Frames.GOAWAY);
            await().until(() -> server.closed.get() == 1);
        }
    }

    @Test
    void stop_letsStreamsEnd() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            frames.get(1, "/park");
            Parked parked = server.awaitParked();
            server.server.stopAccepting();
            frames.read(Http2Frames.GOAWAY);
            parked.exchange().respond(TestServer.json("bye"));
            assertThat(new String(frames.read(Http2Frames.DATA).payload(), US_ASCII))
                    .isEqualTo("bye");
            await().until(() -> server.closed.get() == 1);
        }
    }

    @Test
    void fanOut_toThousandStreamsOfOneConnection() throws Exception {
        int count = 1000;
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            for (int i = 0; i < count; i++) {
                frames.get(2 * i + 1, "/park");
            }
            for (int i = 0; i < count; i++) {
                Parked parked = server.awaitParked();
                parked.exchange().respond(TestServer.json("x"));
            }
            Set<Integer> answered = new HashSet<>();
            while (answered.size() < count) {
                Frame frame = frames.read();
                if (frame.type() == Http2Frames.DATA) {
                    assertThat(answered.add(frame.stream())).isTrue();
                }
            }
        }
    }
}

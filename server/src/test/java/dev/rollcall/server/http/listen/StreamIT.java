package dev.rollcall.server.http.listen;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.server.http.HttpMetrics.DropReason;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.ResponseStream;
import dev.rollcall.server.http.listen.Http2Frames.Frame;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that are streamed, over both versions of HTTP. */
class StreamIT {
    private static final Response HEAD =
            new Response(200, Response.Kind.TEXT, new byte[0], Map.of("Content-Type", "text/event-stream"));

    private final BlockingQueue<ResponseStream> streams = new LinkedBlockingQueue<>();
    private final TestServer server = TestServer.start((request, exchange) -> streams.add(exchange.stream(HEAD)));

    @AfterEach
    void stop() {
        server.close();
    }

    private ResponseStream next() throws InterruptedException {
        ResponseStream stream = streams.poll(60, TimeUnit.SECONDS);
        assertThat(stream).isNotNull();
        return stream;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void http1_sendsChunksAsTheyCome_andClosesBehindTheLast() throws Exception {
        try (RawClient client = server.connect()) {
            client.get("/");
            ResponseStream stream = next();
            assertThat(stream.send(bytes("first"))).isTrue();
            RawClient.Answer head = client.read();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("content-type")).isEqualTo("text/event-stream");
            assertThat(head.header("transfer-encoding")).isEqualTo("chunked");
            assertThat(head.header("content-length")).isNull();
            assertThat(head.header("connection")).isEqualTo("close");
            assertThat(readAll(client, "5\r\nfirst\r\n".length())).isEqualTo("5\r\nfirst\r\n");

            stream.send(bytes("second piece, longer"));
            assertThat(readAll(client, "14\r\nsecond piece, longer\r\n".length()))
                    .isEqualTo("14\r\nsecond piece, longer\r\n");
            stream.end();
            assertThat(readAll(client, 5)).isEqualTo("0\r\n\r\n");
            assertThat(client.isAtEnd()).isTrue();
            await().until(stream::isOver);
        }
    }

    /** Reads what follows a head that was read before. */
    private static String readAll(RawClient client, int count) throws Exception {
        return new String(client.readRest(count), US_ASCII);
    }

    @Test
    void http10_getsItWithoutChunks() throws Exception {
        try (RawClient client = server.connect()) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            ResponseStream stream = next();
            stream.send(bytes("first"));
            stream.end();
            assertThat(client.read().header("transfer-encoding")).isNull();
            assertThat(readAll(client, 5)).isEqualTo("first");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void head_getsTheHeadOnly() throws Exception {
        try (RawClient client = server.connect()) {
            client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.readHead().header("content-type")).isEqualTo("text/event-stream");
            assertThat(next().isOver()).isTrue();
        }
    }

    @Test
    void clientThatGoesAway_endsTheStream() throws Exception {
        AtomicInteger overs = new AtomicInteger();
        RawClient client = server.connect();
        client.get("/");
        ResponseStream stream = next();
        stream.onOver(overs::incrementAndGet);
        stream.send(bytes("x"));
        client.read();
        client.close();
        await().untilAsserted(() -> assertThat(overs).hasValue(1));
        assertThat(stream.send(bytes("y"))).isFalse();
        await().untilAsserted(() -> assertThat(server.closed).hasValue(1));
    }

    @Test
    void clientThatSendsNoMore_isTakenToBeGone() throws Exception {
        try (RawClient client = server.connect()) {
            client.get("/");
            ResponseStream stream = next();
            client.shutdownOutput();
            await().until(stream::isOver);
        }
    }

    @Test
    void clientThatDoesNotRead_keepsNoMoreThanTheBound_andIsDroppedInTheEnd() throws Exception {
        try (RawClient client = RawClient.connect(server.port(), 4096)) {
            client.get("/");
            ResponseStream stream = next();
            fill(stream);
            server.elapse(ofSeconds(29));
            assertThat(stream.isOver()).isFalse();
            await().until(() -> {
                server.elapse(ofSeconds(1));
                return stream.isOver();
            });
            assertThat(server.drops).contains(DropReason.UNREAD_TOO_LONG);
        }
    }

    /** Sends until nothing is taken any more, however much the system takes. */
    private static void fill(ResponseStream stream) {
        byte[] piece = new byte[16 * 1024];
        AtomicInteger refusals = new AtomicInteger();
        await().until(() -> {
            while (stream.send(piece)) {
                refusals.set(0);
            }
            return refusals.incrementAndGet() > 5;
        });
    }

    @Test
    void clientThatReadsAgain_hasRoomAgain() throws Exception {
        try (RawClient client = RawClient.connect(server.port(), 4096)) {
            client.get("/");
            ResponseStream stream = next();
            AtomicInteger rooms = new AtomicInteger();
            stream.onRoom(rooms::incrementAndGet);
            fill(stream);
            int before = rooms.get();
            await().until(() -> {
                client.readOnce();
                return rooms.get() > before;
            });
            assertThat(stream.send(bytes("x"))).isTrue();
        }
    }

    @Test
    void stoppedServer_endsStreams() throws Exception {
        try (RawClient client = server.connect()) {
            client.get("/");
            ResponseStream stream = next();
            stream.send(bytes("x"));
            client.read();
            server.server.stopAccepting();
            await().until(stream::isOver);
            assertThat(readAll(client, 11)).isEqualTo("1\r\nx\r\n0\r\n\r\n");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void http2_sendsPiecesAsTheyCome() throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        HttpResponse<Stream<String>> answer = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/"))
                        .build(),
                BodyHandlers.ofLines());
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.headers().firstValue("content-length")).isEmpty();
        ResponseStream stream = next();
        stream.send(bytes("first\n"));
        var lines = answer.body().iterator();
        assertThat(lines.next()).isEqualTo("first");
        stream.send(bytes("second\n"));
        assertThat(lines.next()).isEqualTo("second");
        stream.end();
        assertThat(lines.hasNext()).isFalse();
        await().until(stream::isOver);
    }

    @Test
    void http2_resetEndsTheStream_andTheConnectionGoesOn() throws Exception {
        try (RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            frames.get(1, "/");
            ResponseStream stream = next();
            frames.reset(1);
            await().until(stream::isOver);
            frames.get(3, "/");
            ResponseStream second = next();
            second.send(bytes("x"));
            second.end();
            Frame data = frames.read(Http2Frames.DATA);
            assertThat(data.stream()).isEqualTo(3);
        }
    }

    @Test
    void http2_windowThatIsNotOpened_boundsWhatIsKept() throws Exception {
        try (RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            frames.get(1, "/");
            ResponseStream stream = next();
            fill(stream);
            await().until(() -> {
                server.elapse(ofSeconds(5));
                return stream.isOver();
            });
            assertThat(server.drops).contains(DropReason.UNREAD_TOO_LONG);
        }
    }
}

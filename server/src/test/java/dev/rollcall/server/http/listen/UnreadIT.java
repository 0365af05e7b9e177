package dev.rollcall.server.http.listen;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.HttpMetrics.DropReason;
import dev.rollcall.server.http.HttpMetrics.RefusalReason;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.listen.Http2Frames.Frame;
import dev.rollcall.server.http.listen.TestServer.Parked;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that are slow to read, or do not read at all: what they get, what they cost, and what the others notice. */
class UnreadIT {
    private static final int LARGE = 8_000_000;

    /**
     * Bytes a millisecond of somebody who reads steadily: far above the floor, and slow enough for a large answer to take more than twice the
     * write timeout. What the system may queue, a few megabytes, is read within one.
     */
    private static final int STEADY = 100;

    private static final int WINDOW_UPDATE = 8;
    private static final int BATCH = 500;

    private static Response large(int length) {
        return TestServer.json("x".repeat(length));
    }

    /** Returns so many requests of streams one after the other. */
    private static byte[] batch(int firstStream, byte[] head) {
        ByteBuffer frames = ByteBuffer.allocate(BATCH * (9 + head.length));
        for (int i = 0; i < BATCH; i++) {
            frames.put((byte) 0).putShort((short) head.length);
            frames.put((byte) Http2Frames.HEADERS).put((byte) (Http2Frames.END_HEADERS | Http2Frames.END_STREAM));
            frames.putInt(firstStream + 2 * i).put(head);
        }
        return frames.array();
    }

    private static void closeAll(List<RawClient> clients) throws Exception {
        for (RawClient client : clients) {
            client.close();
        }
    }

    @Test
    void steadyReader_getsAllOfALargeAnswer() throws Exception {
        Response answer = large(LARGE);
        try (TestServer server = TestServer.start((request, exchange) -> exchange.respond(answer));
                RawClient client = RawClient.connect(server.port(), 4096)) {
            client.get("/");
            int read = 0;
            while (read < LARGE) {
                int count = client.readOnce().length;
                assertThat(count).isPositive();
                read += count;
                server.elapse(ofMillis(count / STEADY));
            }
            await().until(() -> server.server.bufferedBytes() == 0);
            assertThat(server.drops).isEmpty();
        }
    }

    @Test
    void steadyReader_getsAllOfItsLastAnswerWhateverItSends() throws Exception {
        Response answer = large(LARGE);
        try (TestServer server = TestServer.start((request, exchange) -> exchange.respond(answer));
                RawClient client = RawClient.connect(server.port(), 4096)) {
            client.get("/", "Connection: close").send("\r\n");
            int read = 0;
            for (int count = client.readOnce().length; count > 0; count = client.readOnce().length) {
                read += count;
                server.elapse(ofMillis(count / STEADY));
            }
            assertThat(read).isGreaterThan(LARGE);
            assertThat(server.drops).isEmpty();
        }
    }

    @Test
    void steadyReader_getsAllOverHttp2() throws Exception {
        Response answer = large(2_000_000);
        try (TestServer server = TestServer.start((request, exchange) -> exchange.respond(answer));
                RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            frames.get(1, "/");
            int read = 0;
            while (read < 2_000_000) {
                Frame frame = frames.read(Http2Frames.DATA);
                int length = frame.payload().length;
                read += length;
                byte[] more = ByteBuffer.allocate(4).putInt(length).array();
                if (!frame.isEndOfStream()) {
                    frames.send(WINDOW_UPDATE, 0, 1, more);
                }
                frames.send(WINDOW_UPDATE, 0, 0, more);
                server.elapse(ofMillis(length / 10));
            }
            assertThat(read).isEqualTo(2_000_000);
            await().until(() -> server.server.bufferedBytes() == 0);
            assertThat(server.drops).isEmpty();
        }
    }

    @Test
    void drippingReader_isDropped() throws Exception {
        Response answer = large(LARGE);
        try (TestServer server = TestServer.start((request, exchange) -> exchange.respond(answer));
                RawClient client = RawClient.connect(server.port(), 4096)) {
            client.get("/");
            await().until(() -> {
                client.readBytes(100);
                server.elapse(ofSeconds(1));
                return server.drops.contains(DropReason.UNREAD_TOO_LONG);
            });
            await().until(() -> server.server.bufferedBytes() == 0);
        }
    }

    @Test
    void manyPollsOfOneConnection_shareAMessageAndAreAllAnswered() throws Exception {
        int polls = 900;
        Response message = large(12_000);
        try (TestServer server = TestServer.start(limits -> limits.pendingWriteBytes(100_000));
                RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            for (int i = 0; i < polls; i++) {
                frames.get(2 * i + 1, "/park");
            }
            List<Parked> parked = new ArrayList<>();
            for (int i = 0; i < polls; i++) {
                parked.add(server.awaitParked());
            }
            parked.forEach(poll -> poll.exchange().respond(message));
            int ended = 0;
            while (ended < polls) {
                Frame frame = frames.read(Http2Frames.DATA);
                ended += frame.isEndOfStream() ? 1 : 0;
                byte[] more =
                        ByteBuffer.allocate(4).putInt(frame.payload().length).array();
                frames.send(WINDOW_UPDATE, 0, 0, more);
            }
            assertThat(server.refusedFor).isEmpty();
            assertThat(server.drops).isEmpty();
            await().until(() -> server.server.bufferedBytes() == 0);
        }
    }

    @Test
    void headsWithoutBodies_areReadNoFurtherThanTheClientReads() throws Exception {
        try (TestServer server = TestServer.start((request, exchange) -> exchange.respond(TestServer.json("x")));
                RawClient other = server.connect();
                RawClient client = RawClient.connect(server.port(), 4096)) {
            Http2Frames frames = Http2Frames.start(client);
            // :method HEAD, which is in no table
            byte[] head = Http2Frames.head(0x02, "/");
            byte[] withMethod = ByteBuffer.allocate(head.length + 5)
                    .put((byte) 0x02)
                    .put((byte) 4)
                    .put("HEAD".getBytes(StandardCharsets.US_ASCII))
                    .put(head, 1, head.length - 1)
                    .array();
            Thread flood = new Thread(() -> {
                try {
                    for (int stream = 1; stream < 4_000_000; stream += 2 * BATCH) {
                        client.send(batch(stream, withMethod));
                    }
                } catch (IOException e) {
                    // dropped in the end
                }
            });
            flood.start();
            await().atMost(ofSeconds(60)).until(() -> {
                server.elapse(ofSeconds(5));
                return !server.drops.isEmpty();
            });
            // Which bound is met first, the time without reading or that of answers under way, is the machine's to say.
            assertThat(server.drops).singleElement().isIn(DropReason.UNREAD_TOO_LONG, DropReason.HTTP2_ERROR);
            flood.join();
            assertThat(other.get("/").read().status()).isEqualTo(200);
            await().until(() -> server.server.bufferedBytes() == 0);
        }
    }

    @Test
    void clientsThatClose_areNotTakenForSlowOnes() throws Exception {
        Response message = large(20_000);
        try (TestServer server = TestServer.start()) {
            for (int round = 0; round < 5; round++) {
                List<RawClient> clients = new ArrayList<>();
                List<Parked> parked = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    RawClient client = server.connect();
                    clients.add(client);
                    parked.add(server.park(client));
                }
                Thread publisher =
                        new Thread(() -> parked.forEach(poll -> poll.exchange().respond(message)));
                publisher.start();
                for (RawClient client : clients) {
                    client.reset();
                }
                publisher.join();
            }
            await().until(() -> server.closed.get() == 250);
            assertThat(server.drops).isEmpty();
            assertThat(server.errors).hasValue(0);
            assertThat(server.server.bufferedBytes()).isZero();
        }
    }

    @Test
    void answersOfTheirOwn_unreadByMany_stayWithinTheBudget() throws Exception {
        int budget = 20_000_000;
        try (TestServer server = TestServer.start(
                limits -> limits.totalBufferedBytes(budget).addressBufferedBytes(10 * budget),
                (request, exchange) -> exchange.respond(
                        request.rawPath().equals("/large") ? large(2_000_000) : TestServer.json("small")))) {
            List<RawClient> slow = new ArrayList<>();
            try (RawClient other = server.connect()) {
                for (int i = 0; i < 40; i++) {
                    RawClient client = RawClient.connect(server.port(), 4096);
                    slow.add(client.get("/large"));
                    assertThat(other.get("/").read().text()).isEqualTo("small");
                    assertThat(server.server.bufferedBytes()).isLessThanOrEqualTo(budget);
                }
                // those that have waited longest made room for the others
                await().until(() -> server.drops.size() >= 30);
                assertThat(server.drops).containsOnly(DropReason.BUFFERS_FULL);
            }
            closeAll(slow);
            await().until(() -> server.server.bufferedBytes() == 0);
        }
    }

    @Test
    void oneAnswer_unreadByMany_countsOnce() throws Exception {
        Response shared = large(5_000_000);
        try (TestServer server = TestServer.start(
                limits -> limits.totalBufferedBytes(20_000_000), (request, exchange) -> exchange.respond(shared))) {
            List<RawClient> slow = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                slow.add(RawClient.connect(server.port(), 4096).get("/"));
            }
            await().until(() -> server.server.bufferedBytes() > 5_000_000);
            await().during(ofMillis(100)).until(() -> server.drops.isEmpty());
            assertThat(server.server.bufferedBytes()).isLessThan(12_000_000);
            closeAll(slow);
            await().until(() -> server.server.bufferedBytes() == 0);
        }
    }

    @Test
    void bodiesOfFinishedRequests_areGivenBackAtOnce() throws Exception {
        String body = "x".repeat(200_000);
        try (TestServer server = TestServer.start(limits -> limits.totalBufferedBytes(1_000_000));
                RawClient client = server.connect()) {
            for (int i = 0; i < 50; i++) {
                client.send(
                        "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + body.substring(0, 100_000));
                client.send(body.substring(100_000));
                assertThat(client.read().status()).isEqualTo(200);
            }
            assertThat(server.refusals).isEmpty();
            await().until(() -> server.server.bufferedBytes() == 0);
        }
    }

    @Test
    void bytesBehindAPoll_areFewAndCounted() throws Exception {
        String behind = "GET /next HTTP/1.1\r\nHost: x\r\n\r\n".repeat(3000);
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            Parked poll = server.park(client);
            Thread sender = new Thread(() -> {
                try {
                    client.send(behind);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            sender.start();
            await().until(() -> server.server.bufferedBytes() > HttpLimits.DEFAULT_PIPELINED_BYTES);
            await().during(ofMillis(100)).until(() -> server.server.bufferedBytes() < 64 * 1024);
            poll.exchange().respond(TestServer.json("now"));
            assertThat(client.read().text()).isEqualTo("now");
            for (int i = 0; i < 3000; i++) {
                assertThat(client.read().text()).isEqualTo("GET /next null ");
            }
            sender.join();
            await().until(() -> server.server.bufferedBytes() == 0);
        }
    }

    @Test
    void requestsThatDoNotArrive_areCountedWithTheirHeads() throws Exception {
        try (TestServer server = TestServer.start(limits -> limits.totalBufferedBytes(100_000))) {
            List<RawClient> slow = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                slow.add(server.connect().send("GET /" + "a".repeat(20_000)));
            }
            await().until(() -> server.drops.size() >= 15);
            assertThat(server.server.bufferedBytes()).isLessThanOrEqualTo(100_000);
            try (RawClient other = server.connect()) {
                assertThat(other.get("/a").read().status()).isEqualTo(200);
            }
            closeAll(slow);
            await().until(() -> server.server.bufferedBytes() == 0);
        }
    }

    @Test
    void answerOverItsBound_isAnErrorThatNamesTheSetting() throws Exception {
        try (TestServer server = TestServer.start(
                        limits -> limits.answerBytes(1000),
                        (request, exchange) ->
                                exchange.respond(large(request.rawPath().equals("/long") ? 1001 : 1000)));
                RawClient client = server.connect();
                RawClient second = server.connect()) {
            RawClient.Answer refused = client.get("/long").read();
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text()).contains("max-answer-bytes", "1001", "at most 1000");
            assertThat(client.get("/").read().body()).hasSize(1000);

            Http2Frames frames = Http2Frames.start(second);
            frames.get(1, "/long");
            assertThat(new String(frames.read(Http2Frames.DATA).payload(), StandardCharsets.UTF_8))
                    .contains("max-answer-bytes");
            assertThat(server.refusedFor).containsExactly(RefusalReason.ANSWER_TOO_LONG, RefusalReason.ANSWER_TOO_LONG);
        }
    }
}

package dev.rollcall.server.http.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.HttpMetrics.DropReason;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.http.listen.Http2Frames.Frame;
import dev.rollcall.server.http.listen.TestServer.Parked;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connection makes the server keep is counted as what it takes, not as what came over the wire. */
class KeptBytesIT {
    private static final String POST = "POST /p HTTP/1.1\r\nHost: x\r\n";

    @Test
    void headers_areBoundedInNumber() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            client.send("POST /p HTTP/1.1\r\nHost: x\r\n" + "a:\r\n".repeat(127) + "\r\n");
            assertThat(client.read().status()).isEqualTo(200);

            client.send("POST /p HTTP/1.1\r\nHost: x\r\n" + "a:\r\n".repeat(130));

            assertThat(client.read().status()).as("before the head is whole").isEqualTo(431);
        }
    }

    @Test
    void trailers_areBoundedInNumber() throws Exception {
        String chunked = POST + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n";
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            client.send(chunked + "a: b\r\n".repeat(128) + "\r\n");
            assertThat(client.read().status()).isEqualTo(200);

            client.send(chunked + "a: b\r\n".repeat(129) + "\r\n");

            assertThat(client.read().status()).isEqualTo(431);
        }
    }

    @Test
    void trailers_areCounted() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            client.send(POST + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n"
                    + ("a: " + "b".repeat(4000) + "\r\n").repeat(3));

            await().until(() -> server.server.bufferedBytes() > 12_000);
        }
    }

    @Test
    void lines_areCountedAsLongAsTheDecoderKeepsTheirRoom() throws Exception {
        try (TestServer server = TestServer.start()) {
            try (RawClient client = server.connect()) {
                client.get("/" + "x".repeat(20_000));
                assertThat(client.read().status()).isEqualTo(200);
                await().until(() -> server.server.bufferedBytes() == 32_768);

                client.get("/short");
                assertThat(client.read().status()).isEqualTo(200);

                assertThat(server.server.bufferedBytes()).isEqualTo(32_768);
            }
            await().until(() -> server.server.bufferedBytes() == 0);
        }
    }

    @Test
    void lines_ofOrdinaryLengthCostNothing() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            client.get("/" + "x".repeat(1500));
            assertThat(client.read().status()).isEqualTo(200);
            client.send(POST + "Content-Length: 2\r\n\r\nhi");
            assertThat(client.read().status()).isEqualTo(200);

            assertThat(server.server.bufferedBytes()).isZero();
        }
    }

    @Test
    void bytesBehindAPoll_areCountedWithTheBufferTheyKeep() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            // The more a client sends at once the larger the buffer for its next bytes.
            String body = "x".repeat(200_000);
            client.send(POST + "Content-Length: 200000\r\n\r\n" + body);
            assertThat(client.read().status()).isEqualTo(200);

            client.get("/park");
            server.parked.take();
            client.send("G");

            await().until(() -> server.server.bufferedBytes() >= 8192);
        }
    }

    @Test
    void headersOverSeveralFrames_areCountedUntilTheyAreWhole_andInTime() throws Exception {
        int length = 6000;
        try (TestServer server = TestServer.start();
                RawClient other = server.connect();
                RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            frames.send(Http2Frames.HEADERS, Http2Frames.END_STREAM, 1, Http2Frames.head(0x82, "/a"));
            frames.send(Http2Frames.CONTINUATION, 0, 1, part(length));
            frames.send(Http2Frames.CONTINUATION, 0, 1, part(length));
            await().until(() -> server.server.bufferedBytes() > 2 * length);

            frames.send(Http2Frames.CONTINUATION, Http2Frames.END_HEADERS, 1, new byte[0]);
            frames.read(Http2Frames.HEADERS);
            await().until(() -> server.server.bufferedBytes() == 0);

            frames.send(Http2Frames.HEADERS, Http2Frames.END_STREAM, 3, Http2Frames.head(0x82, "/a"));
            frames.send(Http2Frames.CONTINUATION, 0, 3, part(length));
            await().until(() -> server.server.bufferedBytes() > length);
            server.elapse(HttpLimits.builder().build().requestTimeout());

            await().until(() -> server.drops.contains(DropReason.REQUEST_TIMEOUT));
            await().until(() -> server.server.bufferedBytes() == 0);
            assertThat(other.get("/a").read().status()).isEqualTo(200);
        }
    }

    @Test
    void frameThatStalls_costsItsStreamAndNotTheOthers() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            frames.get(1, "/park");
            Parked poll = server.awaitParked();
            frames.post(3, "/p");
            client.send(new byte[] {0, 0x10, 0, Http2Frames.DATA, Http2Frames.END_STREAM, 0, 0, 0, 3});
            client.send("x".repeat(900));
            await().until(() -> {
                server.elapse(Duration.ofSeconds(1));
                return server.refusals.contains(408);
            });
            server.elapse(Duration.ofSeconds(60));
            client.send("x".repeat(0x1000 - 900));

            poll.exchange().respond(TestServer.json("later"));

            Frame data = frames.read(Http2Frames.DATA);
            while (data.stream() != 1) {
                data = frames.read(Http2Frames.DATA);
            }
            assertThat(new String(data.payload(), StandardCharsets.US_ASCII)).isEqualTo("later");
            assertThat(server.drops).isEmpty();
        }
    }

    /** Returns a header of so many bytes in HPACK, without a place in the dynamic table. */
    private static byte[] part(int length) {
        byte[] header = new byte[length];
        header[1] = 1;
        header[2] = 'a';
        int value = length - 6;
        header[3] = 127;
        header[4] = (byte) (value - 127 & 0x7f | 0x80);
        header[5] = (byte) (value - 127 >>> 7);
        Arrays.fill(header, 6, length, (byte) 'x');
        return header;
    }

    /** The second of two equal answers is a copy that others may share; but each such pair makes another, and a single one its own. */
    @ParameterizedTest
    @ValueSource(strings = {"ab", "aabb"})
    void answers_areCountedAsOftenAsTheyAreCopied(String asked) throws Exception {
        int length = 100_000;
        Map<String, Response> answers =
                Map.of("/a", TestServer.json("a".repeat(length)), "/b", TestServer.json("b".repeat(length)));
        List<RawClient> readers = new ArrayList<>();
        try (TestServer server =
                TestServer.start((request, exchange) -> exchange.respond(answers.get(request.rawPath())))) {
            for (int reader = 1; reader <= 5; reader++) {
                RawClient client = RawClient.connect(server.port(), 4096);
                readers.add(client);
                for (int sent = 0; sent < 120; sent++) {
                    client.get("/" + asked.charAt(sent % asked.length()));
                }
                long least = (long) reader * length;
                await().until(() -> server.server.bufferedBytes() > least);
            }
        } finally {
            for (RawClient reader : readers) {
                reader.close();
            }
        }
    }
}

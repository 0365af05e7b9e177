package dev.rollcall.server.http.listen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered to requests that cannot be served, and that the connection then ends. */
class RefusalIT {
    private static final String HOST = "Host: x\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET / HTTP/2.0\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n",
                "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET a HTTP/1.1\r\nHost: x\r\n\r\n",
                "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 6\r\n\r\nabcdef",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x3\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n",
                "GET / HTTP/1.1\nHost: x\n\n",
                "GET / HTTP/1.1\rHost: x\r\r",
                "GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nA: b\nContent-Length: 30\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nA\0: b\r\n\r\n",
                "GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nabcde",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1e1\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n 1\r\na\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;a\nb\r\na\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\n Content-Length: 30\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: x\r\n chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n 0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nSec-WebSocket-Key1: a\r\nSec-WebSocket-Key2: a\r\n\r\n",
            })
    void malformed_isAnswered400InJsonThenClosed(String request) throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            // the request that a smuggler would hide behind the first
            RawClient.Answer answer = client.send(request)
                    .send("GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n")
                    .read();

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text())
                    .startsWith("{\"status\":400,\"error\":true,")
                    .endsWith("}");
            assertThat(answer.header("content-type")).startsWith("text/javascript");
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(client.isAtEnd()).isTrue();
            assertThat(server.refusals).containsExactly(400);
        }
    }

    @Test
    void longUri_is414() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient fits = server.connect();
                RawClient longer = server.connect();
                RawClient muchLonger = server.connect()) {
            assertThat(fits.get("/" + "a".repeat(32 * 1024 - 1)).read().status())
                    .isEqualTo(200);
            assertThat(longer.get("/" + "a".repeat(32 * 1024)).read().status()).isEqualTo(414);
            assertThat(longer.isAtEnd()).isTrue();
            assertThat(muchLonger.get("/" + "a".repeat(200_000)).read().status())
                    .isEqualTo(414);
        }
    }

    @Test
    void longHeaders_are431() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            assertThat(client.get("/", "A: " + "a".repeat(10_000)).read().status())
                    .isEqualTo(200);
            RawClient.Answer answer = client.get("/", "A: " + "a".repeat(10_000), "B: " + "b".repeat(10_000))
                    .read();
            assertThat(answer.status()).isEqualTo(431);
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void foldedHeader_isOneHeader() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            client.get("/first", "A: b", "\tContent-Length: 100").get("/second");
            assertThat(client.read().text()).isEqualTo("GET /first null ");
            assertThat(client.read().text()).isEqualTo("GET /second null ");
        }
    }

    @Test
    void manyHeaders_are431() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\n" + HOST + "a:\r\n".repeat(100_000) + "\r\n");
            assertThat(client.read().status()).isEqualTo(431);
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void endlessTrailersAndChunkExtensions_areRefused() throws Exception {
        String head = "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n";
        try (TestServer server = TestServer.start();
                RawClient trailers = server.connect();
                RawClient extension = server.connect()) {
            trailers.send(head + "0\r\n" + "a: b\r\n".repeat(10_000));
            assertThat(trailers.read().status()).isBetween(400, 431);
            assertThat(trailers.isAtEnd()).isTrue();
            extension.send(head + "1;" + "a".repeat(100_000));
            assertThat(extension.read().status()).isBetween(400, 431);
            assertThat(extension.isAtEnd()).isTrue();
        }
    }

    @Test
    void announcedLongBody_is413BeforeItIsSent() throws Exception {
        try (TestServer server = TestServer.start(limits -> limits.bodyBytes(1000));
                RawClient client = server.connect()) {
            RawClient.Answer answer = client.send(
                            "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n")
                    .read();

            assertThat(answer.status()).isEqualTo(413);
        }
    }

    @Test
    void longBody_is413EvenToClientThatSendsItAllFirst() throws Exception {
        String chunk = "1000\r\n" + "x".repeat(0x1000) + "\r\n";
        try (TestServer server = TestServer.start(limits -> limits.bodyBytes(0x2000));
                RawClient client = server.connect()) {
            client.send("POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n");
            client.send(chunk.repeat(200) + "0\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(413);
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void bomb_is413() throws Exception {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(new byte[20_000_000]);
        }
        assertThat(compressed.size()).isLessThan(1000 * 30);
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            assertThat(post(client, "gzip", compressed.toByteArray()).status()).isEqualTo(413);
        }
    }

    @Test
    void unknownEncoding_is415() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            assertThat(post(client, "br", new byte[] {1, 2, 3}).status()).isEqualTo(415);
        }
    }

    @Test
    void brokenCompression_is400() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            assertThat(post(client, "gzip", new byte[] {0x1f, (byte) 0x8b, 3}).status())
                    .isEqualTo(400);
        }
    }

    @Test
    void zlibLabelledGzip_isInflated() throws Exception {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (DeflaterOutputStream zlib = new DeflaterOutputStream(compressed)) {
            zlib.write("hello".getBytes(UTF_8));
        }
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            assertThat(post(client, "gzip", compressed.toByteArray()).text()).isEqualTo("POST / null hello");
        }
    }

    private static RawClient.Answer post(RawClient client, String encoding, byte[] body) throws Exception {
        client.send("POST / HTTP/1.1\r\n" + HOST + "Content-Encoding: " + encoding + "\r\nContent-Length: "
                + body.length + "\r\n\r\n");
        return client.send(body).read();
    }
}

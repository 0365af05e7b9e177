package dev.rollcall.server.http.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.Request;
import dev.rollcall.server.http.RequestHead;
import dev.rollcall.server.http.body.Refusal;
import dev.rollcall.server.http.body.RequestAssembly;
import dev.rollcall.server.http.io.PlainHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The decoder is the referee: what goes the short way must mean the same to it. */
class PlainHeadTest {
    private static final String HEARTBEAT = "GET /v2/presence/sub-key/demo/channel/room.1,room.2/heartbeat"
            + "?uuid=alice&pnsdk=PubNub-JS-Web%2F8.2.0&heartbeat=300&requestid=6f1c34ea-7b0f-4c50-9bb6-1d0a3a6c9a5e HTTP/1.1\r\n"
            + "Host: localhost:8080\r\nConnection: keep-alive\r\nAccept-Encoding: gzip, deflate, br\r\nAccept: */*\r\n\r\n";

    private static final List<String> PLAIN = List.of(
            HEARTBEAT,
            "GET /time/0 HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /v2/subscribe/demo/a/0?tt=17000000000000000&tr=1&uuid=u HTTP/1.1\r\nhost:x\r\nUser-Agent: okhttp/4.12.0\r\n"
                    + "X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-For: 10.0.0.2, 10.0.0.3\r\n\r\n",
            "GET http://example.org/time/0 HTTP/1.1\r\nHOST: example.org\r\nConnection: Close\r\nAuthorization: Bearer t\r\n\r\n",
            "GET /a?state=%7B%22a%22%3A1%7D&filter-expr=a%20%3D%3D%201 HTTP/1.1\r\nHost: [::1]:80\r\nAccept-Language: de, en;q=0.5  \r\n\r\n");

    private static final List<AsciiString> ASKED = List.of(
            AsciiString.of("host"),
            AsciiString.of("accept-encoding"),
            AsciiString.of("user-agent"),
            AsciiString.of("authorization"),
            AsciiString.of("content-encoding"),
            AsciiString.of("content-length"),
            AsciiString.of("x-forwarded-for"),
            AsciiString.of("forwarded"),
            AsciiString.of("connection"));

    private final PlainHead head = new PlainHead(HttpLimits.defaults());

    @Test
    void readsWhatSdksSend() throws Exception {
        for (String plain : PLAIN) {
            assertThat(isSame(plain.getBytes(ISO_8859_1))).as(plain).isTrue();
        }
    }

    @Test
    void leavesWhatFollows() {
        ByteBuf in = Unpooled.copiedBuffer(HEARTBEAT + "GET /next", ISO_8859_1);
        assertThat(head.read(in, false)).isTrue();
        assertThat(in.toString(ISO_8859_1)).isEqualTo("GET /next");
        in.release();
        ByteBuf two = Unpooled.copiedBuffer(HEARTBEAT + "\r\n", ISO_8859_1);
        assertThat(head.read(two, true)).isFalse();
        assertThat(two.readerIndex()).isZero();
        two.release();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost:\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
                "GET / HTTP/1.1\r\n folded: b\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\r",
                "GET / HTTP/1.1\r\nHost: a\r\n",
                "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /  HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / x HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET  HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
                "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
                "GET / http/1.1\r\nHost: a\r\n\r\n",
                "get / HTTP/1.1\r\nHost: a\r\n\r\n",
                "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\u0000 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\ncontent-length: 5\r\n\r\nhello",
                "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nTRANSFER-ENCODING: identity\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHTTP2-Settings: AA\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Key1: 1\r\n\r\n12345678",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: \u0001\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: \u00e9\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX y: 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n: 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n"
            })
    void leavesAllElseToTheDecoder(String bytes) {
        ByteBuf in = Unpooled.copiedBuffer(bytes, ISO_8859_1);
        assertThat(head.read(in, false)).isFalse();
        assertThat(in.readerIndex()).isZero();
        in.release();
    }

    @Test
    void leavesWhatIsLongToTheDecoder() {
        String many = "GET / HTTP/1.1\r\nHost: a\r\n" + "X: 1\r\n".repeat(48) + "\r\n";
        String longOne = "GET /" + "x".repeat(5000) + " HTTP/1.1\r\nHost: a\r\n\r\n";
        for (String bytes : List.of(many, longOne)) {
            ByteBuf in = Unpooled.copiedBuffer(bytes, ISO_8859_1);
            assertThat(head.read(in, false)).isFalse();
            in.release();
        }
        PlainHead strict = new PlainHead(HttpLimits.builder().uriBytes(64).build());
        ByteBuf in = Unpooled.copiedBuffer(HEARTBEAT, ISO_8859_1);
        assertThat(strict.read(in, false)).isFalse();
        in.release();
    }

    /** Heads that a bit was done to, tens of thousands of them. */
    @Test
    void agreesWithTheDecoderWhateverIsDoneToAHead() throws Exception {
        Random random = new Random(1);
        int accepted = 0;
        int rounds = 60_000;
        for (int i = 0; i < rounds; i++) {
            byte[] bytes = PLAIN.get(random.nextInt(PLAIN.size())).getBytes(ISO_8859_1);
            int changes = 1 + random.nextInt(3);
            for (int change = 0; change < changes; change++) {
                bytes = changed(bytes, random);
            }
            accepted += isSame(bytes) ? 1 : 0;
        }
        assertThat(accepted).as("heads that went the short way").isBetween(rounds / 10, rounds * 9 / 10);
    }

    private static byte[] changed(byte[] bytes, Random random) {
        String text = new String(bytes, ISO_8859_1);
        int at = random.nextInt(text.length());
        String piece = switch (random.nextInt(6)) {
            case 0 -> String.valueOf((char) random.nextInt(256));
            case 1 ->
                List.of("\r\n", "\n", "\r", " ", "\t", ":", ",", "\0", "%", "\r\n ", "?")
                        .get(random.nextInt(11));
            case 2 ->
                List.of(
                                "Content-Length: 0\r\n",
                                "Transfer-Encoding: chunked\r\n",
                                "Host: y\r\n",
                                "Connection: close\r\n",
                                "Expect: 100-continue\r\n",
                                "Upgrade: h2c\r\n",
                                "X-Forwarded-For: 1.2.3.4\r\n",
                                "Content-Encoding: gzip\r\n",
                                "user-agent: Twisted\r\n")
                        .get(random.nextInt(9));
            default -> "";
        };
        int end = random.nextInt(4) == 0 ? Math.min(text.length(), at + random.nextInt(8)) : at;
        if (piece.endsWith("\r\n") && piece.length() > 3) {
            // Whole lines, mostly where lines begin.
            int line = text.indexOf("\r\n", at);
            at = line < 0 ? at : line + 2;
            end = at;
        }
        if (piece.isEmpty() && end == at && at < text.length() && random.nextBoolean()) {
            // A letter in the other case, or one byte less.
            char c = text.charAt(at);
            piece = Character.isLetter(c) ? String.valueOf((char) (c ^ 0x20)) : "";
            end = at + 1;
        }
        return (text.substring(0, at) + piece + text.substring(end)).getBytes(ISO_8859_1);
    }

    /** Returns whether the bytes begin with a plain head. Fails if the decoder takes it for anything else. */
    private boolean isSame(byte[] bytes) throws Exception {
        ByteBuf in = Unpooled.directBuffer().writeBytes(bytes);
        try {
            if (!head.read(in, false)) {
                assertThat(in.readerIndex()).isZero();
                return false;
            }
            compare(bytes, in.readerIndex());
            return true;
        } finally {
            in.release();
        }
    }

    private void compare(byte[] bytes, int length) throws Exception {
        String text = new String(bytes, 0, length, ISO_8859_1);
        EmbeddedChannel decoder =
                new EmbeddedChannel(new HttpRequestDecoder(Http1Decoder.config(HttpLimits.defaults())));
        decoder.writeInbound(Unpooled.copiedBuffer(text, ISO_8859_1));
        HttpRequest request = decoder.readInbound();
        assertThat(request).as(text).isNotNull();
        Http1Head same = read(request, text);
        assertThat(decoder.<Object>readInbound()).as(text).isSameAs(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(decoder.<Object>readInbound()).as(text).isNull();
        assertThat(head.method()).as(text).isEqualTo(same.method());
        assertThat(head.target()).as(text).isEqualTo(same.target());
        assertThat(head.host()).as(text).isEqualTo(same.host());
        assertThat(head.isKeepAlive()).as(text).isEqualTo(same.isKeepAlive());
        assertThat(same.isHttp11()).as(text).isTrue();
        assertThat(same.asksForHttp2()).as(text).isFalse();
        assertThat(same.expectsContinue()).as(text).isFalse();
        for (AsciiString name : ASKED) {
            assertThat(head.header(name)).as(text).isEqualTo(same.header(name));
            assertThat(head.headers(name)).as(text).isEqualTo(same.headers(name));
        }
        assertThat(parts(head)).as(text).isEqualTo(parts(same));
        decoder.finishAndReleaseAll();
    }

    /** Returns the target taken apart, or why it is refused. */
    private static List<String> parts(RequestHead head) {
        try {
            Request request = RequestAssembly.begin(head, InetAddress.getLoopbackAddress(), HttpLimits.defaults(), 0)
                    .finish();
            return List.of(request.rawPath(), String.valueOf(request.rawQuery()));
        } catch (Refusal e) {
            return List.of(String.valueOf(e.status()), new String(e.response().body(), ISO_8859_1));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            nullValues = "null",
            emptyValue = "",
            value = {
                "/ / null",
                "/? / ''",
                "/?? / ?",
                "//a//b //a//b null",
                "/a?b?c /a b?c",
                "http://h/a?b null null",
                "* null null"
            })
    void path_isKnownWhereTheTargetIsOne(String target, String path, String query) {
        ByteBuf in = Unpooled.copiedBuffer("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n", ISO_8859_1);
        assertThat(head.read(in, true)).isTrue();
        in.release();
        assertThat(head.path()).isEqualTo(path);
        if (path != null) {
            assertThat(head.query()).isEqualTo(query);
        }
        assertThat(head.target()).isEqualTo(target);
    }

    /** Whatever buffer the bytes came in. */
    @Test
    void read_fromPiecesIsTheSame() {
        ByteBuf in = Unpooled.wrappedBuffer(
                Unpooled.copiedBuffer(HEARTBEAT.substring(0, 40), ISO_8859_1),
                Unpooled.copiedBuffer(HEARTBEAT.substring(40), ISO_8859_1));
        assertThat(in.nioBufferCount()).isEqualTo(2);
        assertThat(head.read(in, true)).isTrue();
        in.release();
        assertThat(head.target()).isEqualTo(HEARTBEAT.substring(4, HEARTBEAT.indexOf(" HTTP")));
    }

    private static Http1Head read(HttpRequest request, String text) {
        try {
            return Http1Head.read(request);
        } catch (Refusal e) {
            throw new AssertionError("refused: " + text, e);
        }
    }
}

package dev.rollcall.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.server.http.Response.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

final class Http1ResponsesTest {
    private static final byte[] LARGE = "x".repeat(ResponseGzip.MIN_BYTES).getBytes(ISO_8859_1);

    private final HttpDate date = new HttpDate(0);
    private final Http1Responses responses = new Http1Responses(new ResponseHeaders(true), date, new ResponseGzip());

    @Test
    void write_givesEveryClientTheWholeResponse() {
        byte[] body = "[1]".getBytes(ISO_8859_1);

        String first = text(write(new Response(200, Kind.FEED, body), false));

        assertThat(first)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n", "Connection: keep-alive\r\n")
                .endsWith("Content-Length: 3\r\n\r\n[1]");
        for (int i = 0; i < 3; i++) {
            assertThat(text(write(new Response(200, Kind.FEED, body), false))).isEqualTo(first);
        }
    }

    @Test
    void write_sharesTheBytesOfABodyThatGoesOutAgain() {
        Response event = new Response(200, Kind.FEED, LARGE);
        write(event, false).release();

        ByteBuf second = write(event, false);
        ByteBuf third = write(event, false);

        assertThat(third.memoryAddress()).isEqualTo(second.memoryAddress());
        second.release();
        assertThat(text(third)).endsWith("xxx");
    }

    @Test
    void write_sharesNothingWithOtherStatusesDatesEncodingsOrHeaders() throws IOException {
        write(new Response(200, Kind.FEED, LARGE), false).release();
        write(new Response(200, Kind.FEED, LARGE), false).release();

        assertThat(text(write(new Response(403, Kind.FEED, LARGE), false))).startsWith("HTTP/1.1 403 ");
        assertThat(text(write(new Response(200, Kind.PRESENCE, LARGE), false))).contains("Server: Pubnub Presence");
        assertThat(text(write(new Response(200, Kind.FEED, LARGE, Map.of("Retry-After", "1")), false)))
                .contains("Retry-After: 1");
        assertThat(text(responses.write(
                        UnpooledByteBufAllocator.DEFAULT, new Response(200, Kind.FEED, LARGE), false, false, true)))
                .contains("Connection: close");
        assertThat(text(responses.write(
                        UnpooledByteBufAllocator.DEFAULT, new Response(200, Kind.FEED, LARGE), true, false, false)))
                .endsWith("\r\n\r\n");
        for (int i = 0; i < 2; i++) {
            assertThat(unzippedBody(text(write(new Response(200, Kind.FEED, LARGE), true))))
                    .isEqualTo(LARGE);
        }
        date.refresh(1000);
        assertThat(text(write(new Response(200, Kind.FEED, LARGE), false))).contains("00:00:01 GMT");
    }

    @Test
    void release_letsGoOfWhatIsShared() {
        Response event = new Response(200, Kind.FEED, LARGE);
        write(event, false).release();
        ByteBuf shared = write(event, false);

        responses.release();

        assertThat(shared.refCnt()).isEqualTo(1);
        assertThat(shared.release()).isTrue();
    }

    private ByteBuf write(Response response, boolean acceptsGzip) {
        return responses.write(UnpooledByteBufAllocator.DEFAULT, response, false, acceptsGzip, false);
    }

    private static String text(ByteBuf bytes) {
        String text = bytes.toString(ISO_8859_1);
        bytes.release();
        return text;
    }

    private static byte[] unzippedBody(String response) throws IOException {
        byte[] body = response.substring(response.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1);
        try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        }
    }
}

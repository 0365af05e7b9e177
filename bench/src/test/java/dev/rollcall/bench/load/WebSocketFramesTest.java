package dev.rollcall.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketFramesTest {
    private final Answer answer = new Answer();

    /** Makes a text frame of a server, whose length is written by hand. */
    private static byte[] frame(String hexHead, String text) {
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hexHead), Bytes.ascii(text)));
    }

    private static String head(int length) {
        ByteBuf out = Unpooled.buffer();
        WebSocketFrames.writeHead(out, length);
        return ByteBufUtil.hexDump(out);
    }

    @Test
    void writeHead_hasTheShortestLengthAndAMask() {
        assertThat(head(0)).isEqualTo("8180" + "00000000");
        assertThat(head(125)).isEqualTo("81fd" + "00000000");
        assertThat(head(126)).isEqualTo("81fe" + "007e" + "00000000");
        assertThat(head(65_535)).isEqualTo("81fe" + "ffff" + "00000000");
        assertThat(head(65_536)).isEqualTo("81ff" + "0000000000010000" + "00000000");
    }

    @Test
    void read_setsTheTextAsBody() {
        byte[] bytes = frame("ffff" + "8105", "hello, and more");

        assertThat(WebSocketFrames.read(bytes, 2, bytes.length, answer)).isEqualTo(7);
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(answer.status).isEqualTo(200);
    }

    @Test
    void read_ofAnIncompleteFrameSaysWhatItTakes() {
        byte[] bytes = frame("817e" + "012c", "x".repeat(300));

        assertThat(WebSocketFrames.read(bytes, 0, 1, answer)).isZero();
        assertThat(WebSocketFrames.read(bytes, 0, 3, answer)).isZero();
        assertThat(WebSocketFrames.read(bytes, 0, 4, answer)).isEqualTo(304);
        assertThat(WebSocketFrames.read(bytes, 0, 303, answer)).isEqualTo(304);
        assertThat(answer.status).isZero();
        assertThat(WebSocketFrames.read(bytes, 0, 304, answer)).isEqualTo(304);
        assertThat(answer.body()).hasSize(300);
    }

    @Test
    void read_knowsLengthsOf8Bytes() {
        byte[] bytes = frame("817f" + "0000000000011170", "y".repeat(70_000));

        assertThat(WebSocketFrames.read(bytes, 0, bytes.length, answer)).isEqualTo(bytes.length);
        assertThat(answer.body()).hasSize(70_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"8202", "0102", "8802", "8902"})
    void read_refusesWhatIsNoWholeText(String hexHead) {
        byte[] bytes = frame(hexHead, "ab");

        assertThatIllegalStateException().isThrownBy(() -> WebSocketFrames.read(bytes, 0, bytes.length, answer));
    }

    @Test
    void parser_takesWhatFollowsAnUpgradeForFramesWhereverItIsCut() {
        byte[] bytes = ByteBufUtil.getBytes(Unpooled.wrappedBuffer(
                Bytes.ascii("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"),
                frame("8102", "40"),
                frame("817e" + "00c8", "z".repeat(200)),
                frame("8101", "2")));
        for (int cut = 0; cut <= bytes.length; cut++) {
            AnswerParser parser = new AnswerParser();
            List<String> seen = new ArrayList<>();
            for (byte[] part : List.of(Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length))) {
                parser.accept(part, part.length, answer, complete -> seen.add(complete.status + " " + complete.body()));
            }

            assertThat(seen).as("cut at %d", cut).containsExactly("101 ", "200 40", "200 " + "z".repeat(200), "200 2");
        }
    }
}

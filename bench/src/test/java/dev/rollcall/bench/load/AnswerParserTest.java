package dev.rollcall.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerParserTest {
    private static final String FIRST = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nCONTENT-length: 5\r\n\r\nhello";
    private static final String SECOND = "HTTP/1.1 404 Not Found\r\nContent-Length:0\r\nX-Odd: content-length\r\n\r\n";
    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\na\r\n, chunked!\r\n0\r\n\r\n";

    private final AnswerParser parser = new AnswerParser();
    private final Answer answer = new Answer();
    private final List<String> seen = new ArrayList<>();

    private void accept(String bytes) {
        byte[] received = Bytes.ascii(bytes);
        byte[] buffer = Arrays.copyOf(received, received.length + 10);
        parser.accept(buffer, received.length, answer, complete -> seen.add(complete.status + " " + complete.body()));
    }

    @Test
    void accept_handsOnAWholeAnswer() {
        accept(FIRST);

        assertThat(seen).containsExactly("200 hello");
    }

    @Test
    void accept_handsOnSeveralAnswersAtOnce() {
        accept(FIRST + SECOND + FIRST);

        assertThat(seen).containsExactly("200 hello", "404 ", "200 hello");
    }

    @Test
    void accept_joinsAnswersCutAnywhere() {
        String bytes = FIRST + CHUNKED + SECOND;
        for (int cut = 1; cut < bytes.length(); cut++) {
            accept(bytes.substring(0, cut));
            accept(bytes.substring(cut));

            assertThat(seen).as("cut at %d", cut).containsExactly("200 hello", "200 hello, chunked!", "404 ");
            seen.clear();
        }
    }

    @Test
    void accept_joinsAnswersByteByByte() {
        for (char c : (FIRST + CHUNKED + FIRST).toCharArray()) {
            accept(String.valueOf(c));
        }

        assertThat(seen).containsExactly("200 hello", "200 hello, chunked!", "200 hello");
    }

    @Test
    void header_isFoundWhateverItsCase() {
        byte[] bytes = Bytes.ascii("HTTP/1.1 200 OK\r\nset-cookie: ID=Ab;Path=/\r\nContent-Length: 0\r\n\r\n");

        parser.accept(bytes, bytes.length, answer, complete -> seen.add(complete.header("Set-Cookie")));

        assertThat(seen).containsExactly("ID=Ab;Path=/");
    }
}

package dev.rollcall.server.http.listen;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However the bytes of a connection are cut and requests follow each other, each gets its own answer, in order. */
class SegmentationIT {
    private static final int REQUESTS = 60;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 12);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void answers_doNotDependOnSegments(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder requests = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            append(random, i, requests, expected);
        }
        byte[] bytes = requests.toString().getBytes(ISO_8859_1);
        try (TestServer server = TestServer.start((request, exchange) -> {
                    if (request.rawPath().equals("/later")) {
                        // on another thread, as an engine does
                        new Thread(() -> exchange.respond(TestServer.json(TestServer.echo(request)))).start();
                        return;
                    }
                    exchange.respond(TestServer.json(TestServer.echo(request)));
                });
                RawClient client = server.connect()) {
            int at = 0;
            while (at < bytes.length) {
                int length = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 3 : 400));
                client.send(Arrays.copyOfRange(bytes, at, at + length));
                at += length;
            }
            for (String body : expected) {
                assertThat(client.read().text()).as("seed %d", seed).isEqualTo(body);
            }
        }
    }

    private static void append(SplittableRandom random, int number, StringBuilder requests, List<String> expected) {
        String path = random.nextBoolean() ? "/now" : "/later";
        String head = path + "?" + number + " HTTP/1.1\r\nHost: x\r\n";
        switch (random.nextInt(4)) {
            case 0 -> {
                requests.append("GET ").append(head).append("\r\n");
                expected.add("GET " + path + " " + number + " ");
            }
            case 1 -> {
                String body = "b".repeat(random.nextInt(50));
                requests.append("POST ").append(head);
                requests.append("Content-Length: ").append(body.length()).append("\r\n\r\n");
                requests.append(body);
                expected.add("POST " + path + " " + number + " " + body);
            }
            case 2 -> {
                requests.append("POST ").append(head);
                requests.append("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n");
                expected.add("POST " + path + " " + number + " abcd");
            }
            default -> {
                requests.append("\r\nOPTIONS ").append(head).append("\r\n");
                expected.add("");
            }
        }
    }
}

package dev.rollcall.server.http.listen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.server.http.listen.TestServer.Parked;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Several requests on one connection. */
class KeepAliveIT {
    @Test
    void pipelined_areAnsweredInOrderBehindParkedOne() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            client.send("GET /park HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n")
                    .get("/3");
            Parked first = server.awaitParked();
            first.exchange().respond(TestServer.json("1"));

            assertThat(client.read().text()).isEqualTo("1");
            assertThat(client.read().text()).isEqualTo("GET /2 null ");
            assertThat(client.read().text()).isEqualTo("GET /3 null ");
        }
    }

    @Test
    void pipelinedPolls_reachHandlerOneByOne() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            client.get("/park?1").get("/park?2").get("/park?3");
            for (int i = 1; i <= 3; i++) {
                Parked next = server.awaitParked();
                assertThat(next.request().rawQuery()).isEqualTo(Integer.toString(i));
                assertThat(server.parked).isEmpty();
                next.exchange().respond(TestServer.json("answer " + i));
                assertThat(client.read().text()).isEqualTo("answer " + i);
            }
        }
    }

    @Test
    void pipelined_manyInOneSegmentAreAllAnswered() throws Exception {
        int count = 3000;
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < count; i++) {
                requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            Thread sender = new Thread(() -> {
                try {
                    client.send(requests.toString());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            sender.start();
            for (int i = 0; i < count; i++) {
                assertThat(client.read().text()).isEqualTo("GET /" + i + " null ");
            }
            sender.join();
        }
    }

    @Test
    void http10_closesUnlessAskedToKeep() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient kept = server.connect();
                RawClient closed = server.connect()) {
            RawClient.Answer first = kept.send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                    .read();
            assertThat(first.header("connection")).isEqualTo("keep-alive");
            assertThat(kept.send("GET /2 HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
                            .read()
                            .text())
                    .isEqualTo("GET /2 null ");

            assertThat(closed.send("GET /1 HTTP/1.0\r\n\r\n").read().header("connection"))
                    .isEqualTo("close");
            assertThat(closed.isAtEnd()).isTrue();
        }
    }

    @Test
    void connectionClose_closesAfterAnswerAndIgnoresWhatFollows() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            client.send("GET /1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");

            assertThat(client.read().text()).isEqualTo("GET /1 null ");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void blankLinesBetweenRequests_areSkipped() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            client.send("\r\n\r\nGET /1 HTTP/1.1\r\nHost: x\r\n\r\n\r\n").get("/2");

            assertThat(client.read().text()).isEqualTo("GET /1 null ");
            assertThat(client.read().text()).isEqualTo("GET /2 null ");
        }
    }

    @Test
    void expectContinue_isAnsweredBeforeBody() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            client.send("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.read().statusLine()).isEqualTo("HTTP/1.1 100 Continue");
            assertThat(client.send("abc").read().text()).isEqualTo("POST /p null abc");
        }
    }

    @Test
    void body_inChunksAndByteByByte() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            String request = "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nTrailer: x\r\n\r\n";
            for (char c : request.toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertThat(client.read().text()).isEqualTo("POST /p null abcde");
            assertThat(client.get("/next").read().text()).isEqualTo("GET /next null ");
        }
    }

    @Test
    void requestLine_keepsWhatClientsSend() throws Exception {
        String path = "/a[]!@$^{}|`\"%20b\u00e9\u00ff";
        String query = "q=[]!@$^{}|`\"?x=\u00c3\u00a9";
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            client.get("/park" + "?" + query);
            Parked parked = server.awaitParked();
            assertThat(parked.request().rawPath()).isEqualTo("/park");
            assertThat(parked.request().rawQuery()).isEqualTo(query);
            assertThat(parked.request().client().getHostAddress()).isEqualTo("127.0.0.1");
            parked.exchange().respond(TestServer.json("ok"));
            client.read();

            String all = IntStream.rangeClosed(0x80, 0xff)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            byte[] expected = ("GET " + path + all + " null ").getBytes(UTF_8);
            assertThat(client.get(path + all).read().body()).isEqualTo(expected);
        }
    }

    @Test
    void absoluteTarget_isTakenAsPath() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            assertThat(client.get("http://host:8090/a/b?c=d").read().text()).isEqualTo("GET /a/b c=d ");
            assertThat(client.get("HTTP://host?c").read().text()).isEqualTo("GET / c ");
        }
    }
}

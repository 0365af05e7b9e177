package dev.rollcall.server.http.listen;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.server.http.Response;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What an answer looks like on the wire. */
class AnswerIT {
    private static final String BODY = "{\"status\":200}";

    @ParameterizedTest
    @EnumSource(value = Response.Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "ADMIN")
    void answer_isOneSegmentWithContentLength(Response.Kind kind) throws Exception {
        try (TestServer server = TestServer.start(
                        (request, exchange) -> exchange.respond(new Response(200, kind, BODY.getBytes(UTF_8))));
                RawClient client = server.connect()) {
            String first = new String(client.get("/").readOnce(), ISO_8859_1);

            assertThat(first)
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("\r\nContent-Length: " + BODY.length() + "\r\n")
                    .contains("\r\nAccess-Control-Allow-Origin: *\r\n")
                    .contains("\r\nAccess-Control-Expose-Headers: *\r\n")
                    .contains("\r\nCache-Control: no-cache\r\n")
                    .contains("\r\nX-Content-Type-Options: nosniff\r\n")
                    .contains("\r\nConnection: keep-alive\r\n")
                    .containsPattern(
                            "\r\nDate: [A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\r\n")
                    .doesNotContainIgnoringCase("transfer-encoding")
                    .endsWith("\r\n\r\n" + BODY);
        }
    }

    @Test
    void answerToOperators_isReadByNoOtherOriginAndKeptNowhere() throws Exception {
        try (TestServer server = TestServer.start((request, exchange) ->
                        exchange.respond(new Response(200, Response.Kind.ADMIN, BODY.getBytes(UTF_8))));
                RawClient client = server.connect()) {
            assertThat(new String(client.get("/").readOnce(), ISO_8859_1))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("\r\nContent-Length: " + BODY.length() + "\r\n")
                    .contains("\r\nCache-Control: no-store\r\n")
                    .contains("\r\nCross-Origin-Resource-Policy: same-origin\r\n")
                    .contains("\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n")
                    .contains("\r\nX-Content-Type-Options: nosniff\r\n")
                    .doesNotContainIgnoringCase("access-control-allow-origin")
                    .endsWith("\r\n\r\n" + BODY);
        }
    }

    @Test
    void parkedAnswer_isOneSegmentToo() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            client.get("/park");
            server.awaitParked().exchange().respond(TestServer.json(BODY));

            assertThat(new String(client.readOnce(), ISO_8859_1)).endsWith("\r\n\r\n" + BODY);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FEED|text/javascript; charset=\"UTF-8\"|GET|",
                "PRESENCE|text/javascript; charset=\"UTF-8\"|OPTIONS, GET, POST|Pubnub Presence",
                "CHANNEL_GROUPS|text/javascript; charset=\"UTF-8\"|GET, POST, DELETE, OPTIONS|Pubnub",
                "ACCESS_MANAGER|text/javascript; charset=UTF-8|GET|",
                "TEXT|text/plain; charset=UTF-8|GET|",
            })
    void kind_decidesHeaders(Response.Kind kind, String contentType, String methods, String serverName)
            throws Exception {
        try (TestServer server = TestServer.start(
                        (request, exchange) -> exchange.respond(new Response(403, kind, BODY.getBytes(UTF_8))));
                RawClient client = server.connect()) {
            RawClient.Answer answer = client.get("/").read();

            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.header("content-type")).isEqualTo(contentType);
            assertThat(answer.header("access-control-allow-methods")).isEqualTo(methods);
            assertThat(answer.header("server")).isEqualTo(serverName);
        }
    }

    @Test
    void headersOfResponse_areAddedAndReplaceThoseOfKind() throws Exception {
        Map<String, String> headers = Map.of("X-Pn-Cause", "9999", "content-type", "text/csv");
        try (TestServer server = TestServer.start((request, exchange) ->
                        exchange.respond(new Response(403, Response.Kind.TEXT, BODY.getBytes(UTF_8), headers)));
                RawClient client = server.connect()) {
            RawClient.Answer answer = client.get("/").read();

            assertThat(answer.headers()).containsEntry("x-pn-cause", "9999").containsEntry("content-type", "text/csv");
        }
    }

    @Test
    void head_isAnsweredAsGetWithoutBody() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            RawClient.Answer head =
                    client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n").readHead();
            RawClient.Answer get = client.get("/a").read();

            assertThat(head.header("content-length")).isEqualTo(get.header("content-length"));
            assertThat(get.text()).isEqualTo("GET /a null ");
        }
    }

    @Test
    void options_isAnsweredForEveryPath() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            client.send(
                    "OPTIONS /park HTTP/1.1\r\nHost: x\r\nOrigin: http://a\r\nAccess-Control-Request-Method: POST\r\n"
                            + "Access-Control-Request-Headers: content-type,x-mine\r\n\r\n");
            RawClient.Answer answer = client.read();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers())
                    .containsEntry("access-control-allow-origin", "*")
                    .containsEntry("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS")
                    .containsEntry("access-control-allow-headers", "content-type,x-mine")
                    .containsEntry("content-length", "0")
                    .containsKey("access-control-max-age");
            assertThat(client.send("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void handlerThrows_answers500AndKeepsConnection() throws Exception {
        try (TestServer server = TestServer.start((request, exchange) -> {
                    throw new IllegalStateException("expected by the test");
                });
                RawClient client = server.connect()) {
            assertThat(client.get("/").read().text()).contains("\"status\":500");
            assertThat(client.get("/").read().status()).isEqualTo(500);
        }
    }

    @Test
    void secondRespond_doesNothing() throws Exception {
        try (TestServer server = TestServer.start((request, exchange) -> {
                    exchange.respond(TestServer.json("1"));
                    exchange.respond(TestServer.json("2"));
                });
                RawClient client = server.connect()) {
            assertThat(client.get("/").read().text()).isEqualTo("1");
            assertThat(client.get("/").read().text()).isEqualTo("1");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4096|gzip, deflate|true",
                "4096|gzip;q=0|false",
                "4096||false",
                "4095|gzip|false",
            })
    void gzip_onlyForLargeBodiesWhenAccepted(int length, String accepted, boolean isGzipped) throws Exception {
        String body = "x".repeat(length);
        try (TestServer server = TestServer.start((request, exchange) -> exchange.respond(TestServer.json(body)));
                RawClient client = server.connect()) {
            RawClient.Answer answer = accepted == null
                    ? client.get("/").read()
                    : client.get("/", "Accept-Encoding: " + accepted).read();

            assertThat(answer.header("content-encoding")).isEqualTo(isGzipped ? "gzip" : null);
            assertThat(answer.header("vary")).isEqualTo(length < 4096 ? null : "Accept-Encoding");
            byte[] plain = isGzipped
                    ? new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes()
                    : answer.body();
            assertThat(new String(plain, UTF_8)).isEqualTo(body);
        }
    }

    @Test
    void gzip_neverForTwisted() throws Exception {
        try (TestServer server =
                        TestServer.start((request, exchange) -> exchange.respond(TestServer.json("x".repeat(5000))));
                RawClient client = server.connect()) {
            RawClient.Answer byQuery = client.get("/?pnsdk=PubNub-Python-Twisted%2F4.8.1", "Accept-Encoding: gzip")
                    .read();
            RawClient.Answer byAgent = client.get(
                            "/", "Accept-Encoding: gzip", "User-Agent: PubNub-Python-Twisted/4.8.1")
                    .read();

            assertThat(byQuery.header("content-encoding")).isNull();
            assertThat(byAgent.header("content-encoding")).isNull();
        }
    }
}

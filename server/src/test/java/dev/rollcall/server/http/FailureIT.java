package dev.rollcall.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a handler throws costs the request that it was thrown for, and is counted. */
class FailureIT {
    private static int depth(int so) {
        return depth(so + 1) + 1;
    }

    private enum Fault {
        RUNTIME(() -> new IllegalStateException("expected by the test")),
        ASSERTION(() -> new AssertionError("expected by the test")),
        LINKAGE(() -> new NoClassDefFoundError("expected by the test")),
        DIRECT_MEMORY(() -> new OutOfMemoryError("Cannot reserve 1 bytes of direct buffer memory")),
        STACK(() -> {
            try {
                return new IllegalStateException(String.valueOf(depth(0)));
            } catch (StackOverflowError e) {
                return e;
            }
        });

        private final Supplier<Throwable> thrown;

        Fault(Supplier<Throwable> thrown) {
            this.thrown = thrown;
        }

        RuntimeException raise() {
            Throwable fault = thrown.get();
            if (fault instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) fault;
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void handlerFails_onlyItsRequestDoes(Fault fault) throws Exception {
        try (TestServer server = TestServer.start((request, exchange) -> {
                    if (request.rawPath().equals("/fail")) {
                        throw fault.raise();
                    }
                    exchange.respond(TestServer.json("ok"));
                });
                RawClient client = server.connect();
                RawClient second = server.connect()) {
            for (int i = 1; i <= 3; i++) {
                RawClient.Answer answer = client.get("/fail").read();
                assertThat(answer.status()).isEqualTo(500);
                assertThat(answer.text()).contains("Internal Server Error");
                assertThat(client.get("/").read().text()).isEqualTo("ok");
                assertThat(server.errors).hasValue(i);
            }
            Http2Frames frames = Http2Frames.start(second);
            frames.get(1, "/fail");
            assertThat(new String(frames.read(Http2Frames.DATA).payload(), StandardCharsets.UTF_8))
                    .contains("\"status\":500");
            frames.get(3, "/");
            assertThat(frames.read(Http2Frames.DATA).payload()).hasSize(2);
        }
    }

    /** Each of them made the decoder call itself once more, and then release a buffer that was still in use. */
    @Test
    void gzipOfManyEmptyMembers_isRefusedAndNothingElseIsHurt() throws Exception {
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        for (int i = 0; i < 20_000; i++) {
            try (OutputStream member = new GZIPOutputStream(members)) {
                member.flush();
            }
        }
        byte[] body = members.toByteArray();
        String next = "GET /next HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(3000) + "\r\n\r\n";
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            for (int i = 0; i < 20; i++) {
                client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: " + body.length
                        + "\r\n\r\n");
                client.send(body).send(next);
                assertThat(client.read().status()).isEqualTo(400);
                assertThat(client.read().text()).isEqualTo("GET /next null ");
            }
            assertThat(server.errors).hasValue(0);
        }
    }
}

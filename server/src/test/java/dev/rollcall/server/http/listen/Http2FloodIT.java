package dev.rollcall.server.http.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.server.http.HttpMetrics.DropReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Frames of HTTP/2 that cost the server more than whoever sends them: each kind of flood ends its connection, and no other. */
class Http2FloodIT {
    private static final int PRIORITY = 2;
    private static final int PING = 6;
    private static final int WINDOW_UPDATE = 8;
    private static final int ACK_BYTES = 8;

    /** More than any client has a reason to send. */
    private static final int FLOOD = 100_000;

    @FunctionalInterface
    private interface Attack {
        /** Sends one more frame. */
        void send(Http2Frames frames, int number) throws IOException;
    }

    private static int stream(int number) {
        return 2 * number + 1;
    }

    private static void assertEnds(Attack attack) throws Exception {
        try (TestServer server = TestServer.start();
                RawClient other = server.connect();
                RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            int sent = 0;
            try {
                while (sent < FLOOD) {
                    attack.send(frames, sent++);
                }
            } catch (IOException e) {
                // the server has closed, as it should
            }
            await().until(() -> server.closed.get() == 1);
            assertThat(server.drops).containsExactly(DropReason.HTTP2_ERROR);
            assertThat(other.get("/a").read().status()).isEqualTo(200);
        }
    }

    @Test
    void rapidReset() throws Exception {
        assertEnds((frames, number) -> {
            frames.get(stream(number), "/park");
            frames.reset(stream(number));
        });
    }

    @Test
    void resetsThatTheServerIsProvokedTo() throws Exception {
        // a window of 0 more is an error of the stream, which the server answers with a reset
        assertEnds((frames, number) -> {
            frames.get(stream(number), "/park");
            frames.send(WINDOW_UPDATE, 0, stream(number), new byte[4]);
        });
    }

    @Test
    void settings() throws Exception {
        assertEnds((frames, number) -> frames.send(Http2Frames.SETTINGS, 0, 0, new byte[0]));
    }

    @Test
    void pings() throws Exception {
        assertEnds((frames, number) -> frames.send(PING, 0, 0, new byte[ACK_BYTES]));
    }

    @Test
    void emptyData() throws Exception {
        assertEnds((frames, number) -> {
            if (number == 0) {
                frames.post(1, "/a");
            }
            frames.data(1, "", false);
        });
    }

    @Test
    void emptyContinuations() throws Exception {
        assertEnds((frames, number) -> {
            if (number == 0) {
                frames.send(Http2Frames.HEADERS, 0, 1, Http2Frames.head(0x82, "/a"));
            }
            frames.send(Http2Frames.CONTINUATION, 0, 1, new byte[0]);
        });
    }

    @Test
    void windowOfTheConnectionByZero() throws Exception {
        assertEnds((frames, number) -> frames.send(WINDOW_UPDATE, 0, 0, new byte[4]));
    }

    @Test
    void windowOfTheConnectionOverTheTop() throws Exception {
        assertEnds((frames, number) -> frames.send(
                WINDOW_UPDATE,
                0,
                0,
                ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).array()));
    }

    @Test
    void headersOfAHugeTable() throws Exception {
        // a name and value into the dynamic table once, and then by reference, many in one frame
        byte[] value = new byte[4000];
        ByteBuffer block = ByteBuffer.allocate(16_000);
        block.put(Http2Frames.head(0x82, "/a"));
        block.put((byte) 0x40).put((byte) 1).put((byte) 'a');
        block.put((byte) 127).put((byte) (4000 - 127 & 0x7f | 0x80)).put((byte) (4000 - 127 >> 7));
        Arrays.fill(value, (byte) 'v');
        block.put(value);
        while (block.remaining() > 0) {
            block.put((byte) (0x80 | 62));
        }
        try (TestServer server = TestServer.start();
                RawClient client = server.connect()) {
            Http2Frames frames = Http2Frames.start(client);
            frames.send(Http2Frames.HEADERS, Http2Frames.END_HEADERS | Http2Frames.END_STREAM, 1, block.array());
            await().until(() -> server.refusals.contains(431) || server.drops.contains(DropReason.HTTP2_ERROR));
            assertThat(server.parked).isEmpty();
        }
    }

    @Test
    void priorities() throws Exception {
        assertEnds((frames, number) -> frames.send(PRIORITY, 0, stream(number), new byte[] {0, 0, 0, 0, 16}));
    }
}

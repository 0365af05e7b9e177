package dev.rollcall.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;

/** The loop of a client that polls nchan: each poll names the message it comes after. */
public final class NchanSession implements PollSession {
    private static final String POLL =
            "GET /sub HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: rollcall-bench\r\nAccept: */*\r\n";

    private final int client;
    private final SubscribeSession.Reader reader;
    private byte[] next = Bytes.ascii(POLL + "\r\n");

    /** Makes the session of a client. */
    public NchanSession(int client, SubscribeSession.Reader reader) {
        this.client = client;
        this.reader = reader;
    }

    @Override
    public void writeRequest(ByteBuf out) {
        out.writeBytes(next);
    }

    @Override
    public boolean isParking() {
        return true;
    }

    @Override
    public void onAnswer(WireConnection connection, Answer answer) {
        if (answer.status != 200) {
            throw new IllegalStateException("status: " + answer.status + " (expected: 200)\n" + answer.body());
        }
        reader.read(client, connection, answer);
        next = (POLL + "If-Modified-Since: " + answer.header("Last-Modified") + "\r\nIf-None-Match: "
                        + answer.header("Etag") + "\r\n\r\n")
                .getBytes(UTF_8);
    }

    /** Returns a request that publishes JSON. */
    public static byte[] publish(String json) {
        return Bytes.ascii("POST /pub HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
                + json.length() + "\r\n\r\n" + json);
    }

    /** Returns a request that asks how many subscribers there are: what nchan has instead of presence. */
    public static byte[] count() {
        return Requests.get("/pub");
    }
}

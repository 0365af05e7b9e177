package dev.rollcall.server.http.listen;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Frames of HTTP/2 on a raw socket, as far as a test has to see or send them byte by byte. */
final class Http2Frames {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int GOAWAY = 7;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    /** {@code :status 200} and others in the static table of HPACK, as one byte. */
    static final byte STATUS_200 = (byte) 0x88;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final RawClient client;

    private Http2Frames(RawClient client) {
        this.client = client;
    }

    record Frame(int type, int flags, int stream, byte[] payload) {
        boolean isEndOfStream() {
            return (flags & END_STREAM) != 0 && (type == DATA || type == HEADERS);
        }
    }

    /** Begins with prior knowledge. */
    static Http2Frames start(RawClient client) throws IOException {
        client.send(PREFACE);
        Http2Frames frames = new Http2Frames(client);
        frames.send(SETTINGS, 0, 0, new byte[0]);
        return frames;
    }

    void send(int type, int flags, int stream, byte[] payload) throws IOException {
        client.send(ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >>> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array());
    }

    void get(int stream, String path) throws IOException {
        send(HEADERS, END_HEADERS | END_STREAM, stream, head(0x82, path));
    }

    /** Begins a POST whose body is to follow. */
    void post(int stream, String path) throws IOException {
        send(HEADERS, END_HEADERS, stream, head(0x83, path));
    }

    void data(int stream, String text, boolean endOfStream) throws IOException {
        send(DATA, endOfStream ? END_STREAM : 0, stream, text.getBytes(US_ASCII));
    }

    void reset(int stream) throws IOException {
        send(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
    }

    Frame read() throws IOException {
        ByteBuffer head = ByteBuffer.wrap(client.readBytes(9));
        int length = (head.get() & 0xff) << 16 | (head.getShort() & 0xffff);
        int type = head.get();
        int flags = head.get();
        return new Frame(type, flags, head.getInt(), client.readBytes(length));
    }

    /** Skips frames of other types. */
    Frame read(int type) throws IOException {
        Frame frame = read();
        while (frame.type() != type) {
            frame = read();
        }
        return frame;
    }

    /** Method as one byte, scheme, authority and path, in HPACK without a dynamic table. */
    static byte[] head(int method, String path) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(method);
        out.write(0x86);
        literal(out, 0x01, "x");
        literal(out, 0x04, path);
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, int name, String value) {
        out.write(name);
        if (value.length() < 127) {
            out.write(value.length());
        } else {
            out.write(127);
            int rest = value.length() - 127;
            while (rest >= 128) {
                out.write(rest & 0x7f | 0x80);
                rest >>>= 7;
            }
            out.write(rest);
        }
        out.writeBytes(value.getBytes(US_ASCII));
    }
}

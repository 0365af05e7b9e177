package dev.rollcall.server.http.listen;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A socket, and as much HTTP/1 as it takes to see every byte of an answer. */
final class RawClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 60_000;
    private static final int BUFFER_BYTES = 256 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private byte[] rest = {};

    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** An answer as it came. */
    record Answer(String statusLine, Map<String, String> headers, byte[] body) {
        int status() {
            return Integer.parseInt(statusLine.split(" ")[1]);
        }

        String text() {
            return new String(body, ISO_8859_1);
        }

        String header(String name) {
            return headers.get(name);
        }
    }

    static RawClient connect(int port) throws IOException {
        return connect(port, 0);
    }

    /** Connects with a receive buffer of that many bytes, 0 for the usual. */
    static RawClient connect(int port, int receiveBufferBytes) throws IOException {
        Socket socket = new Socket();
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        return new RawClient(socket);
    }

    /** Sends the text as it is, a byte for each character. */
    RawClient send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    RawClient send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Sends a GET with the headers that HTTP/1.1 asks for. */
    RawClient get(String target, String... headers) throws IOException {
        StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: x\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return send(request.append("\r\n").toString());
    }

    /** Returns what one read gives, empty at the end of the stream. */
    byte[] readOnce() throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        int count = in.read(buffer);
        return count < 0 ? new byte[0] : Arrays.copyOf(buffer, count);
    }

    /** Reads exactly that many bytes. */
    byte[] readBytes(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new IOException("end of stream after " + bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    /** Reads exactly that many bytes of what follows the answer that was read last. */
    byte[] readRest(int count) throws IOException {
        int kept = Math.min(count, rest.length);
        byte[] bytes = Arrays.copyOf(rest, count);
        rest = Arrays.copyOfRange(rest, kept, rest.length);
        System.arraycopy(readBytes(count - kept), 0, bytes, kept, count - kept);
        return bytes;
    }

    /** Reads one answer with a Content-Length, and keeps what follows it. */
    Answer read() throws IOException {
        return read(true);
    }

    /** Reads one answer to a HEAD. */
    Answer readHead() throws IOException {
        return read(false);
    }

    private Answer read(boolean hasBody) throws IOException {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        seen.write(rest);
        int end = seen.toString(ISO_8859_1).indexOf("\r\n\r\n");
        while (end < 0) {
            readMore(seen);
            end = seen.toString(ISO_8859_1).indexOf("\r\n\r\n");
        }
        String[] lines = seen.toString(ISO_8859_1).substring(0, end).split("\r\n");
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            String previous = headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).trim());
            if (previous != null) {
                throw new IOException("header twice: " + lines[i]);
            }
        }
        String announced = headers.get("content-length");
        int length = hasBody && announced != null ? Integer.parseInt(announced) : 0;
        int start = end + 4;
        while (seen.size() < start + length) {
            readMore(seen);
        }
        byte[] all = seen.toByteArray();
        rest = Arrays.copyOfRange(all, start + length, all.length);
        return new Answer(lines[0], headers, Arrays.copyOfRange(all, start, start + length));
    }

    private void readMore(ByteArrayOutputStream seen) throws IOException {
        byte[] more = readOnce();
        if (more.length == 0) {
            throw new IOException("end of stream after " + seen.toString(ISO_8859_1));
        }
        seen.write(more);
    }

    /** Returns whether the server has closed its direction, or reset the connection, and sent nothing before. */
    boolean isAtEnd() throws IOException {
        try {
            return rest.length == 0 && in.read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    /** Closes our direction only. */
    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

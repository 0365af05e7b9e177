package dev.rollcall.cli.plain;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One request of HTTP/1.1 on a connection of its own, and its answer. Blocks, up to a deadline. Used by one thread. */
public final class PlainExchange {
    private static final int DEFAULT_PORT = 80;
    private static final int LONGEST_CONNECT_MILLIS = 10_000;
    private static final int LARGEST_HEAD = 64 * 1024;
    private static final int LARGEST_BODY = 64 * 1024 * 1024;
    private static final int HEX = 16;

    private final Socket socket;
    private final InputStream in;
    private final long deadline;
    private final Duration timeout;
    private final byte[] buffer = new byte[8192];
    private int at;
    private int end;
    private boolean hasBegun;

    /**
     * What came back.
     *
     * @param headers by name in whatever case
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    public record Answer(int status, Map<String, String> headers, byte[] body) {}

    private PlainExchange(Socket socket, long deadline, Duration timeout) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.deadline = deadline;
        this.timeout = timeout;
    }

    /** Returns a request as it is sent. */
    public static byte[] bytes(String method, URI uri, Map<String, String> headers, byte @Nullable [] body) {
        String path = uri.getRawPath();
        StringBuilder head = new StringBuilder()
                .append(method)
                .append(' ')
                .append(path.isEmpty() ? "/" : path)
                .append(uri.getRawQuery() == null ? "" : '?' + uri.getRawQuery())
                .append(" HTTP/1.1\r\nHost: ")
                .append(uri.getRawAuthority())
                .append("\r\nConnection: close\r\nUser-Agent: rollcall\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (body != null) {
            head.append("Content-Type: application/json\r\nContent-Length: ")
                    .append(body.length)
                    .append("\r\n");
        }
        byte[] bytes = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        if (body == null) {
            return bytes;
        }
        byte[] whole = java.util.Arrays.copyOf(bytes, bytes.length + body.length);
        System.arraycopy(body, 0, whole, bytes.length, body.length);
        return whole;
    }

    /**
     * Sends a request and reads its answer.
     *
     * @throws HttpTimeoutException if it takes longer than {@code timeout}
     * @throws IOException if nobody answers, or what they answer is not HTTP
     */
    public static Answer of(URI uri, byte[] request, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        try (Socket socket = new Socket()) {
            InetSocketAddress address =
                    new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
            if (address.isUnresolved()) {
                throw new UnknownHostException(uri.getHost());
            }
            socket.setTcpNoDelay(true);
            PlainExchange exchange = connected(socket, address, deadline, timeout);
            socket.getOutputStream().write(request);
            return exchange.answer();
        } catch (SocketTimeoutException e) {
            HttpTimeoutException late = new HttpTimeoutException("no answer within " + timeout);
            late.initCause(e);
            throw late;
        }
    }

    private static PlainExchange connected(Socket socket, InetSocketAddress address, long deadline, Duration timeout)
            throws IOException {
        socket.connect(address, Math.min(LONGEST_CONNECT_MILLIS, left(deadline, timeout)));
        return new PlainExchange(socket, deadline, timeout);
    }

    /** Returns how many milliseconds there are left, at least one. */
    private static int left(long deadline, Duration timeout) throws HttpTimeoutException {
        long nanos = deadline - System.nanoTime();
        if (nanos <= 0) {
            throw new HttpTimeoutException("no answer within " + timeout);
        }
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, nanos / 1_000_000));
    }

    private Answer answer() throws IOException {
        while (true) {
            int status = status(line(LARGEST_HEAD));
            Map<String, String> headers = headers();
            if (status >= 200) {
                return new Answer(status, headers, body(status, headers));
            }
        }
    }

    private static int status(String line) throws IOException {
        // HTTP/1.1 200 OK, the words of which may be missing.
        boolean known = line.startsWith("HTTP/1.") && line.length() >= 12 && line.charAt(8) == ' ';
        int status = known ? number(line.substring(9, 12), 10) : -1;
        if (status < 100) {
            throw new IOException("an answer that is no HTTP/1.1");
        }
        return status;
    }

    /** Returns a number without a sign, or -1. */
    private static int number(String text, int radix) {
        try {
            return text.isEmpty() || Character.digit(text.charAt(0), radix) < 0 ? -1 : Integer.parseInt(text, radix);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        int room = LARGEST_HEAD;
        for (String line = line(room); !line.isEmpty(); line = line(room)) {
            room -= line.length();
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new IOException("a header that is none");
            }
            String name = line.substring(0, colon);
            String before = headers.put(name, line.substring(colon + 1).strip());
            if (before != null && name.equalsIgnoreCase("Content-Length") && !before.equals(headers.get(name))) {
                throw new IOException("two lengths of one answer");
            }
        }
        return headers;
    }

    private byte[] body(int status, Map<String, String> headers) throws IOException {
        if (status == 204 || status == 304) {
            return new byte[0];
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        String coding = headers.get("Transfer-Encoding");
        String length = headers.get("Content-Length");
        if (coding != null) {
            if (!coding.equalsIgnoreCase("chunked")) {
                throw new IOException("an answer in the coding " + coding + " (expected: chunked)");
            }
            chunks(body);
        } else if (length != null) {
            int bytes = number(length, 10);
            if (bytes < 0) {
                throw new IOException("an answer whose length is " + length);
            }
            read(bytes, body);
        } else {
            while (fill()) {
                take(end - at, body);
            }
        }
        return body.toByteArray();
    }

    private void chunks(ByteArrayOutputStream body) throws IOException {
        while (true) {
            String line = line(LARGEST_HEAD);
            int semicolon = line.indexOf(';');
            int size = number((semicolon < 0 ? line : line.substring(0, semicolon)).strip(), HEX);
            if (size < 0) {
                throw new IOException("a chunk without a size");
            }
            if (size == 0) {
                // What follows the last one is of no interest, and the connection ends here.
                return;
            }
            read(size, body);
            if (!line(2).isEmpty()) {
                throw new IOException("a chunk that does not end where it says");
            }
        }
    }

    private void read(int bytes, ByteArrayOutputStream body) throws IOException {
        int left = bytes;
        while (left > 0) {
            if (at == end && !fill()) {
                throw new EOFException("half an answer");
            }
            int part = Math.min(left, end - at);
            take(part, body);
            left -= part;
        }
    }

    private void take(int bytes, ByteArrayOutputStream body) throws IOException {
        if (bytes > LARGEST_BODY - body.size()) {
            throw new IOException("answer longer than " + LARGEST_BODY + " bytes");
        }
        body.write(buffer, at, bytes);
        at += bytes;
    }

    private String line(int longest) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            if (at == end && !fill()) {
                throw new EOFException(hasBegun ? "half an answer" : "no answer");
            }
            char next = (char) (buffer[at++] & 0xff);
            if (next == '\n') {
                int length = line.length();
                return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
            }
            if (line.length() > longest) {
                throw new IOException("a head longer than " + LARGEST_HEAD + " characters");
            }
            line.append(next);
        }
    }

    /** Waits for more, and returns whether there is any. What was there must have been taken. */
    private boolean fill() throws IOException {
        if (at < end) {
            return true;
        }
        socket.setSoTimeout(left(deadline, timeout));
        at = 0;
        end = Math.max(0, in.read(buffer));
        hasBegun |= end > 0;
        return end > 0;
    }
}

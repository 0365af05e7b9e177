package dev.rollcall.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A keep-alive connection whose caller waits for each answer: to prepare and to probe a server. One thread only. */
public final class HttpCaller implements AutoCloseable {
    private static final int READ_TIMEOUT_MILLIS = 30_000;

    private final Socket socket = new Socket();
    private final byte[] buffer = new byte[64 * 1024];
    private final AnswerParser parser = new AnswerParser();
    private final Answer answer = new Answer();
    private @Nullable Answer last;

    /** Connects. */
    public HttpCaller(InetSocketAddress server) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        socket.connect(server);
    }

    /** Sends a request and returns its answer, valid until the next call. */
    public Answer call(byte[] request) throws IOException {
        send(request);
        return receive();
    }

    /** Sends a request. */
    public void send(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
    }

    /** Returns the answer to the request sent before, valid until the next call. */
    public Answer receive() throws IOException {
        last = null;
        InputStream in = socket.getInputStream();
        while (last == null) {
            int length = in.read(buffer);
            if (length < 0) {
                throw new EOFException("the server closed the connection (expected: an answer)");
            }
            parser.accept(buffer, length, answer, received -> last = received);
        }
        return last;
    }

    /** Sends a request, and fails unless it is answered with success. */
    public Answer require(byte[] request) throws IOException {
        Answer answered = call(request);
        if (answered.status / 100 != 2) {
            throw new IOException("status: " + answered.status + " (expected: 2xx) of "
                    + new String(Arrays.copyOf(request, Math.min(request.length, 200)), UTF_8)
                    + "\n" + answered.body());
        }
        return answered;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

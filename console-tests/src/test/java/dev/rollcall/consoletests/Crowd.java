package dev.rollcall.consoletests;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Many users who join one channel: heartbeats sent one behind the other, without waiting for the answers in between. */
final class Crowd {
    private static final int TOGETHER = 500;
    private static final String ANSWER = "HTTP/1.1 200";

    private Crowd() {}

    /** Has {@code u00000} and those who follow join, in this order. */
    static void join(URI clients, String channel, int count) {
        try (Socket socket = new Socket(clients.getHost(), clients.getPort())) {
            for (int from = 0; from < count; from += TOGETHER) {
                StringBuilder requests = new StringBuilder();
                int to = Math.min(count, from + TOGETHER);
                for (int i = from; i < to; i++) {
                    requests.append("GET /v2/presence/sub-key/demo/channel/")
                            .append(channel)
                            .append("/heartbeat?heartbeat=300&uuid=u")
                            .append(String.format("%05d", i))
                            .append(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
                }
                socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.US_ASCII));
                await(socket.getInputStream(), to - from);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(InputStream in, int answers) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        String tail = "";
        int seen = 0;
        while (seen < answers) {
            int length = in.read(buffer);
            if (length < 0) {
                throw new IOException("the server closed after " + seen + " of " + answers + " answers");
            }
            String text = tail + new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
            int at = 0;
            for (int next = text.indexOf(ANSWER); next >= 0; next = text.indexOf(ANSWER, at)) {
                seen++;
                at = next + ANSWER.length();
            }
            tail = text.substring(Math.max(at, text.length() - ANSWER.length() + 1));
        }
    }
}

package dev.rollcall.bench.soak;

import dev.rollcall.bench.load.HttpCaller;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A client that creates as much of everything as it is let, from one address. Used by one thread. */
final class HostileClient implements AutoCloseable {
    private static final int WAITING = 100;

    private final int port;
    private final Counts counts;
    private final Deque<HttpCaller> waiting = new ArrayDeque<>();
    private @Nullable HttpCaller caller;
    private int number;

    HostileClient(int port, Counts counts) {
        this.port = port;
        this.counts = counts;
    }

    /** Sends requests of one kind, and counts what they are answered with. */
    void send(Hostility kind, int requests) {
        for (int i = 0; i < requests; i++) {
            try {
                if (kind.isAnswered()) {
                    HttpCaller connection = caller == null ? connect() : caller;
                    caller = connection;
                    counts.add("hostile: " + kind.label() + ": " + connection.call(kind.request(number++)).status);
                } else {
                    HttpCaller connection = connect();
                    waiting.add(connection);
                    connection.send(kind.request(number++));
                    counts.add("hostile: " + kind.label() + ": sent");
                    if (waiting.size() > WAITING) {
                        waiting.remove().close();
                    }
                }
            } catch (IOException e) {
                counts.add("hostile: " + kind.label() + ": connection closed");
                caller = null;
            }
        }
    }

    private HttpCaller connect() throws IOException {
        return new HttpCaller(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    @Override
    public void close() {
        HttpCaller last = caller;
        if (last != null) {
            waiting.add(last);
        }
        for (HttpCaller connection = waiting.poll(); connection != null; connection = waiting.poll()) {
            try {
                connection.close();
            } catch (IOException e) {
                counts.add("hostile: connection closed");
            }
        }
    }
}

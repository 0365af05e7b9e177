package dev.rollcall.engine.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP proxy before one server, that can do to connections what networks do: hold back, go silent without closing, be slow, cut. Each
 * direction of each connection has a thread, and what is held back waits in order. Safe from any thread.
 */
public final class FaultyProxy implements AutoCloseable {
    private static final byte[] SUBSCRIBE = "SSUBSCRIBE".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = {};

    private final int target;
    private final ServerSocket server;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private volatile boolean silentTopics;
    private volatile boolean silent;
    private volatile boolean holdSubscribes;
    private volatile boolean holdNews;
    private volatile boolean holdAnswers;
    private volatile long bytesPerSecond = Long.MAX_VALUE;
    private volatile long delayMillis;
    private volatile boolean closed;
    private long freeAt = System.nanoTime();

    /** Opens one before a port of this machine. */
    public FaultyProxy(int target) {
        this.target = target;
        try {
            server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("accept", this::accept);
    }

    /** Returns where it listens. */
    public int port() {
        return server.getLocalPort();
    }

    /** Returns where it is, as nodes want to know it. */
    public String url() {
        return "redis://127.0.0.1:" + port();
    }

    /**
     * Has connections over which topics are followed go silent in both directions, open as they are; or no more of them. One over which
     * anything was lost stays silent: no line goes on behind a hole.
     */
    public void silenceTopics(boolean on) {
        silentTopics = on;
    }

    /** Has all connections go silent in both directions, open as they are; see {@link #silenceTopics}. */
    public void silence(boolean on) {
        silent = on;
    }

    /** Holds back what asks for topics, until told otherwise. */
    public void holdSubscribes(boolean on) {
        holdSubscribes = on;
    }

    /** Holds back what comes over connections for topics, until told otherwise. */
    public void holdNews(boolean on) {
        holdNews = on;
    }

    /** Holds back what comes over connections for commands, until told otherwise. */
    public void holdAnswers(boolean on) {
        holdAnswers = on;
    }

    /** Lets no more than this come from the server, over all connections together. */
    public void limit(long most) {
        bytesPerSecond = most;
    }

    /** Delays what comes from the server. */
    public void delay(long millis) {
        delayMillis = millis;
    }

    /** Cuts all connections. */
    public void cut() {
        connections.forEach(Connection::close);
    }

    /** Cuts connections over which topics are followed. */
    public void cutTopics() {
        connections.stream().filter(connection -> connection.topics).forEach(Connection::close);
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, "proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = server.accept();
                try {
                    connections.add(new Connection(client, new Socket(InetAddress.getLoopbackAddress(), target)));
                } catch (IOException e) {
                    client.close();
                }
            } catch (IOException e) {
                // Closed, or the server is away.
            }
        }
    }

    private final class Connection {
        private final Socket client;
        private final Socket upstream;
        private final BlockingQueue<byte[]> down = new LinkedBlockingQueue<>();
        private volatile boolean topics;
        private volatile boolean dead;

        Connection(Socket client, Socket upstream) throws IOException {
            this.client = client;
            this.upstream = upstream;
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            start("up", this::up);
            start("down", this::down);
            start("out", this::out);
        }

        /** Returns whether what is to be passed on is lost, and all that comes after it. */
        private boolean isSilent() {
            if (silent || silentTopics && topics) {
                dead = true;
            }
            return dead;
        }

        private void up() {
            byte[] buffer = new byte[65536];
            try (InputStream in = client.getInputStream()) {
                OutputStream to = upstream.getOutputStream();
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    if (contains(buffer, length)) {
                        topics = true;
                        while (holdSubscribes && !closed) {
                            LockSupport.parkNanos(1_000_000);
                        }
                    }
                    if (!isSilent()) {
                        to.write(buffer, 0, length);
                    }
                }
            } catch (IOException e) {
                // Cut.
            }
            close();
        }

        private void down() {
            byte[] buffer = new byte[65536];
            try (InputStream in = upstream.getInputStream()) {
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    throttle(length);
                    down.add(java.util.Arrays.copyOf(buffer, length));
                }
            } catch (IOException e) {
                // Cut.
            }
            down.add(END);
        }

        private void out() {
            try (OutputStream to = client.getOutputStream()) {
                for (byte[] part = down.take(); part != END; part = down.take()) {
                    long until = System.nanoTime() + delayMillis * 1_000_000;
                    while ((System.nanoTime() - until < 0 || (topics ? holdNews : holdAnswers)) && !closed) {
                        LockSupport.parkNanos(1_000_000);
                    }
                    if (!isSilent()) {
                        to.write(part);
                    }
                }
            } catch (IOException | InterruptedException e) {
                // Cut.
            }
            close();
        }

        void close() {
            connections.remove(this);
            try {
                client.close();
                upstream.close();
            } catch (IOException e) {
                // Closed already.
            }
        }
    }

    private void throttle(int length) {
        long wait;
        synchronized (this) {
            long now = System.nanoTime();
            freeAt = Math.max(now, freeAt) + (long) (length * 1e9 / bytesPerSecond);
            wait = freeAt - now;
        }
        if (wait > 100_000) {
            LockSupport.parkNanos(wait);
        }
    }

    private static boolean contains(byte[] buffer, int length) {
        for (int i = 0; i + SUBSCRIBE.length <= length; i++) {
            int matched = 0;
            while (matched < SUBSCRIBE.length && buffer[i + matched] == SUBSCRIBE[matched]) {
                matched++;
            }
            if (matched == SUBSCRIBE.length) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        closed = true;
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}

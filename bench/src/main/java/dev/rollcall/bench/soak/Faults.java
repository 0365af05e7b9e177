package dev.rollcall.bench.soak;

import dev.rollcall.bench.load.Requests;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;

/** Clients that do not behave, one after the other. Used by one thread. */
final class Faults {
    /** The presence timeout of those who vanish, in seconds. */
    static final int LEASE_SECONDS = 6;

    /** The rooms they vanish from. */
    static final int ROOMS = 4;

    private static final int SLOW_READERS = 20;
    private static final int READ_PATIENCE_MILLIS = 2000;

    private final Target target;
    private final Counts counts;
    private final SplittableRandom random;
    private final Deque<Socket> slow = new ArrayDeque<>();
    private final Deque<Socket> lingering = new ArrayDeque<>();
    private int serial;

    Faults(Target target, Counts counts, long seed) {
        this.target = target;
        this.counts = counts;
        random = new SplittableRandom(seed);
    }

    static String room(int number) {
        return "churn-" + number;
    }

    /** Does one thing that clients should not do. */
    void next() {
        try {
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> vanish();
                case 3 -> slowReader();
                default -> garbage();
            }
        } catch (IOException e) {
            // The server may be down just now, or may have hung up on garbage, as it should.
            counts.add("faults met by a closed connection");
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(READ_PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port()), READ_PATIENCE_MILLIS);
        return socket;
    }

    private static void send(Socket socket, String path) throws IOException {
        send(socket, ("GET " + path + " HTTP/1.1\r\nHost: soak\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void send(Socket socket, byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    /** Joins, waits in a poll, and is never heard of again; at once or after others have done the same. */
    private void vanish() throws IOException {
        String user = "ghost-" + serial++;
        String room = room(random.nextInt(ROOMS));
        Socket socket = connect();
        send(socket, Target.presence("/channel/" + room + "/heartbeat?uuid=" + user + "&heartbeat=" + LEASE_SECONDS));
        read(socket);
        send(
                socket,
                "/v2/subscribe/" + Requests.KEY + "/" + room + "/0?tt=1&uuid=" + user + "&heartbeat=" + LEASE_SECONDS);
        counts.add("fault: client vanished");
        lingering.add(socket);
        if (random.nextBoolean() || lingering.size() > SLOW_READERS) {
            reset(lingering.remove());
        }
    }

    /** Asks for a lot and does not read it. */
    private void slowReader() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port()), READ_PATIENCE_MILLIS);
        for (int i = 0; i < 20; i++) {
            send(socket, "/v2/subscribe/" + Requests.KEY + "/bulk/0?tt=1");
        }
        counts.add("fault: slow reader");
        slow.add(socket);
        if (slow.size() > SLOW_READERS) {
            reset(slow.remove());
        }
    }

    private void garbage() throws IOException {
        try (Socket socket = connect()) {
            counts.add("fault: garbage");
            switch (random.nextInt(6)) {
                case 0 -> send(socket, randomBytes(1 + random.nextInt(4000)));
                case 1 -> send(socket, "/v2/subscribe/" + Requests.KEY + "/%zz%00,%ff/0?tt=x&uuid=%c0%af");
                case 2 ->
                    send(socket, "/publish/" + Requests.KEY + "/" + Requests.KEY + "/0/x/0/" + "%5B".repeat(2000));
                case 3 ->
                    send(socket, Target.presence("/channel/x/uuid/y/data?state=%7B%22a%22:" + "%5B".repeat(1000)));
                case 4 -> send(socket, "/" + "x".repeat(40_000));
                default ->
                    send(
                            socket,
                            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
                                    .getBytes(StandardCharsets.ISO_8859_1));
            }
            read(socket);
        }
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void read(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        if (in.read(new byte[4096]) < 0) {
            throw new IOException("closed");
        }
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Ends those that are still there. */
    void end() {
        end(slow);
        end(lingering);
    }

    private void end(Deque<Socket> sockets) {
        for (Socket socket = sockets.poll(); socket != null; socket = sockets.poll()) {
            try {
                reset(socket);
            } catch (IOException e) {
                counts.add("faults met by a closed connection");
            }
        }
    }
}

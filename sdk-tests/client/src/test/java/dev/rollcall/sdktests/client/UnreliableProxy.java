package dev.rollcall.sdktests.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP proxy on the way to a server, which fails in the ways that networks do. */
final class UnreliableProxy implements Closeable {
    /** What happens to connections from now on. */
    enum Mode {
        /** All is well. */
        PASS,
        /** New connections are closed at once. */
        REFUSE,
        /** Requests arrive, answers do not. */
        SWALLOW,
        /** Each answer ends after a few bytes, and the connection with it. */
        TRUNCATE
    }

    private static final int TRUNCATED_BYTES = 150;

    private final ServerSocket listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int target;
    private volatile Mode mode = Mode.PASS;

    UnreliableProxy(int target) throws IOException {
        this.target = target;
        daemon(this::accept);
    }

    String origin() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    /** Changes what happens from now on, also on connections that are open. */
    void mode(Mode next) {
        mode = next;
    }

    /** Closes all connections. */
    void cut() {
        sockets.forEach(UnreliableProxy::close);
        sockets.clear();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "unreliable-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                if (mode == Mode.REFUSE) {
                    close(client);
                    continue;
                }
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(server);
                daemon(() -> pump(client, server, false));
                daemon(() -> pump(server, client, true));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void pump(Socket from, Socket to, boolean answers) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (answers && mode == Mode.SWALLOW) {
                    continue;
                }
                if (answers && mode == Mode.TRUNCATE) {
                    out.write(buffer, 0, Math.min(length, TRUNCATED_BYTES));
                    return;
                }
                out.write(buffer, 0, length);
            }
        } catch (IOException e) {
            // cut
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed either way
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
    }
}

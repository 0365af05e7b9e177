package dev.rollcall.server.signal;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket of a service manager: a Unix domain datagram socket, of which the JDK knows nothing, at a path, or, where the name begins
 * with {@code @}, in the abstract namespace. What cannot be sent is logged and lost.
 */
final class NotifySocket implements ServiceManager.Listener {
    private static final Logger log = LoggerFactory.getLogger(NotifySocket.class);

    private final Socket socket;
    private final byte[] address;
    private boolean hasFailed;

    private NotifySocket(Socket socket, byte[] address) {
        this.socket = socket;
        this.address = address;
    }

    /** Opens a socket for what is said to {@code name}. Returns null, and logs why, where this cannot be. */
    static @Nullable NotifySocket open(String name) {
        if (!name.startsWith("/") && !name.startsWith("@")) {
            log.warn(
                    "the service manager is told nothing NOTIFY_SOCKET={} (expected: a path, or a name that begins"
                            + " with @)",
                    name);
            return null;
        }
        if (!Epoll.isAvailable()) {
            log.warn("the service manager is told nothing: no native transport", Epoll.unavailabilityCause());
            return null;
        }
        byte[] address = name.getBytes(StandardCharsets.UTF_8);
        if (address[0] == '@') {
            address[0] = 0;
        }
        // It lives as long as the process, as whoever listens does.
        return new NotifySocket(Socket.newSocketDomainDgram(), address);
    }

    @Override
    public synchronized void hear(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length);
        buffer.put(bytes);
        try {
            int sent = socket.sendToDomainSocket(buffer, 0, bytes.length, address);
            if (sent != bytes.length) {
                throw new IOException(sent + " of " + bytes.length + " bytes sent");
            }
            hasFailed = false;
        } catch (IOException e) {
            // Said once, or a watchdog would fill the log.
            if (!hasFailed) {
                log.warn(
                        "the service manager cannot be told text={}",
                        text.lines().findFirst().orElse(""),
                        e);
            }
            hasFailed = true;
        }
    }
}

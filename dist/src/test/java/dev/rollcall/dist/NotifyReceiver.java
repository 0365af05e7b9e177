package dev.rollcall.dist;

import static org.awaitility.Awaitility.await;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The end of {@code sd_notify} at which a service manager listens. */
final class NotifyReceiver implements AutoCloseable {
    private static final int LONGEST = 4096;

    private final Socket socket;
    private final List<String> heard = new ArrayList<>();

    NotifyReceiver(Path path) throws IOException {
        Epoll.ensureAvailability();
        socket = Socket.newSocketDomainDgram();
        socket.bind(new DomainSocketAddress(path.toString()));
    }

    /** Waits until it has been told something that begins so, and forgets all before it. */
    void awaits(String beginning) {
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            read();
            for (int at = 0; at < heard.size(); at++) {
                if (heard.get(at).startsWith(beginning)) {
                    heard.subList(0, at + 1).clear();
                    return true;
                }
            }
            return false;
        });
    }

    private void read() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(LONGEST);
        for (int length; (length = socket.recv(buffer, 0, LONGEST)) > 0; buffer.clear()) {
            byte[] bytes = new byte[length];
            buffer.position(0).get(bytes);
            heard.add(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

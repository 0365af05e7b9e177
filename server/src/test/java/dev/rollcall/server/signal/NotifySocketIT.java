package dev.rollcall.server.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.daemon.Daemons;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a service manager hears at the two kinds of address it can have. */
@EnabledOnOs(OS.LINUX)
class NotifySocketIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Socket receiver;

    private void listen(String address) throws IOException {
        Epoll.ensureAvailability();
        receiver = Socket.newSocketDomainDgram();
        receiver.bind(new DomainSocketAddress(address));
    }

    @AfterEach
    void close() throws IOException {
        if (receiver != null) {
            receiver.close();
        }
    }

    private String received() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1000);
        int length = receiver.recv(buffer, 0, 1000);
        byte[] bytes = new byte[Math.max(length, 0)];
        buffer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void manager_hearsAtAPath() throws IOException {
        String path = folder.resolve("notify socket").toString();
        listen(path);
        ServiceManager.of(Map.of("NOTIFY_SOCKET", path)).ready("on");
        assertThat(received()).isEqualTo("READY=1\nSTATUS=on");
    }

    @Test
    void manager_hearsAtAnAbstractName() throws IOException {
        String name = "rollcall-" + UUID.randomUUID();
        listen('\0' + name);
        ServiceManager.of(Map.of("NOTIFY_SOCKET", '@' + name)).stopping();
        assertThat(received()).isEqualTo("STOPPING=1\nSTATUS=stopping");
    }

    @Test
    void pulse_goesOnForAsLongAsTheServerIsWell() throws Exception {
        String path = folder.resolve("notify").toString();
        listen(path);
        Daemons daemons = new Daemons(System::nanoTime);
        AtomicBoolean isWell = new AtomicBoolean(true);
        ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "2000"));
        AutoCloseable pulse = manager.pulse(isWell::get, daemons);
        try {
            for (int pulses = 0; pulses < 3; pulses++) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(received()).isEqualTo("WATCHDOG=1"));
            }
            isWell.set(false);
            // What was on its way is heard, and then nothing.
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(received()).isEmpty());
            isWell.set(true);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(received()).isEqualTo("WATCHDOG=1"));
        } finally {
            pulse.close();
        }
    }

    @Test
    void nobodyThereIsNoFailure() {
        ServiceManager manager = ServiceManager.of(
                Map.of("NOTIFY_SOCKET", folder.resolve("nobody").toString()));
        assertThatCode(() -> manager.ready("on")).doesNotThrowAnyException();
        assertThatCode(manager::stopping).doesNotThrowAnyException();
    }
}

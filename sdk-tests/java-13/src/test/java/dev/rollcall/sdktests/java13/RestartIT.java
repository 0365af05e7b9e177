package dev.rollcall.sdktests.java13;

import static dev.rollcall.sdktests.Stage.eventually;
import static dev.rollcall.sdktests.Subscription.toChannels;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.sdktests.ClientSettings;
import dev.rollcall.sdktests.Heard;
import dev.rollcall.server.RollcallServer;
import dev.rollcall.server.config.RollcallConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a data directory that is restarted under clients of the SDK, which find the way back by themselves. */
final class RestartIT {
    private static final String ROOM = "room";

    /** The SDK waits longer after each attempt that failed. */
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private RollcallServer server;
    private JavaSdk13Client alice;
    private JavaSdk13Client bob;

    private void startServer(int port) {
        server = RollcallServer.start(
                RollcallConfig.development().withPort(port).withAdminPort(0).withData(folder));
    }

    private JavaSdk13Client client(String user) {
        return new JavaSdk13Client(new ClientSettings("127.0.0.1:" + server.port(), "demo", "demo", user, null));
    }

    @BeforeEach
    void start() {
        startServer(0);
        alice = client("alice");
        bob = client("bob");
    }

    @AfterEach
    void end() {
        alice.close();
        bob.close();
        server.close();
    }

    private static List<Object> messages(JavaSdk13Client client) {
        return client.heard().messages().stream().map(Heard.Message::content).toList();
    }

    @Test
    void restart_isNotHeardOfAndNothingIsMissed() {
        alice.subscribe(toChannels(ROOM).withPresence());
        eventually(() -> assertThat(alice.heard().timeline(ROOM)).containsExactly("join alice 1"));
        bob.subscribe(toChannels(ROOM).withPresence());
        eventually(() -> assertThat(alice.heard().timeline(ROOM)).containsExactly("join alice 1", "join bob 2"));
        eventually(() -> assertThat(bob.heard().timeline(ROOM)).containsExactly("join bob 2"));
        bob.publish(ROOM, "before");
        eventually(() -> assertThat(messages(alice)).containsExactly("before"));

        int port = server.port();
        server.close();
        startServer(port);
        // By somebody who was never there, so that nobody's own requests bring them back.
        JavaSdk13Client carol = client("carol");
        try {
            carol.publish(ROOM, "after");
            assertThat(carol.whereNow("alice")).containsExactly(ROOM);
            assertThat(carol.whereNow("bob")).containsExactly(ROOM);
            eventually(RECOVERY, () -> assertThat(messages(alice)).containsExactly("before", "after"));
            eventually(RECOVERY, () -> assertThat(messages(bob)).containsExactly("before", "after"));
            carol.publish(ROOM, "later");
            eventually(() -> assertThat(messages(alice)).containsExactly("before", "after", "later"));
        } finally {
            carol.close();
        }
        assertThat(alice.heard().timeline(ROOM)).containsExactly("join alice 1", "join bob 2");
        assertThat(bob.heard().timeline(ROOM)).containsExactly("join bob 2");
    }
}

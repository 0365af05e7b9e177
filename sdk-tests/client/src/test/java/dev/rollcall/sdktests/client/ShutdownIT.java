package dev.rollcall.sdktests.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.RollcallClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How programs and clients end. */
class ShutdownIT {
    private static final String KEY = "shutdown";

    private final LiveServer server = new LiveServer();

    @AfterEach
    void stop() {
        server.close();
    }

    /** A program that subscribes and forgets to close its client. */
    static final class Forgetful {
        private Forgetful() {}

        public static void main(String[] args) throws Exception {
            RollcallClient client = RollcallClient.create(
                    ClientConfig.builder(KEY, "forgetful").origin(args[0]).build());
            client.onMessage(message -> {});
            client.subscribe().channels("room").future().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void programThatForgetsToClose_ends() throws IOException {
        Process program = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Forgetful.class.getName(),
                        server.origin()))
                .inheritIO()
                .start();
        try {
            assertThat(program.onExit()).succeedsWithin(Duration.ofSeconds(60));
            assertThat(program.exitValue()).isZero();
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void close_inAListenerLeaves_andTwiceIsNothing() {
        RollcallClient me = server.client(KEY, "me");
        RollcallClient other = server.client(KEY, "other");
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        me.onMessage(message -> {
            me.close();
            closed.complete(true);
        });
        LiveServer.subscribed(me.subscribe().channels("room"));
        assertThat(other.hereNow().channels("room").sync().totalOccupancy()).isEqualTo(1);
        other.publish().channel("room").message("go").sync();
        assertThat(closed).succeedsWithin(Duration.ofSeconds(15));
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(
                        () -> assertThat(other.hereNow().channels("room").sync().totalOccupancy())
                                .isZero());
        me.close();
        assertThatThrownBy(() -> me.time().sync()).isInstanceOf(IllegalStateException.class);
    }
}

package dev.rollcall.engine.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** A {@code redis-server} of its own on a free port, with nothing in it and nothing on disk unless asked for. */
public final class RedisServer implements AutoCloseable {
    private final int port;
    private final List<String> flags;
    private final Path directory;
    private Process process;

    private RedisServer(int port, List<String> flags) {
        this.port = port;
        this.flags = flags;
        try {
            directory = Files.createTempDirectory("rollcall-redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a server. */
    public static RedisServer open(String... flags) {
        for (int attempt = 1; ; attempt++) {
            RedisServer server = new RedisServer(freePort(), List.of(flags));
            try {
                server.start();
                return server;
            } catch (RuntimeException e) {
                // Somebody else took the port, or the one the cluster would talk over.
                server.close();
                if (attempt == 5) {
                    throw e;
                }
            }
        }
    }

    /** Returns a port that is free, and 10,000 ports above which there is another: the one a cluster talks over. */
    private static int freePort() {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0)) {
                int port = socket.getLocalPort();
                if (port <= 55_535) {
                    return port;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Starts it again where it was. */
    void start() {
        List<String> command = new ArrayList<>(List.of(
                "redis-server",
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--dir",
                directory.toString()));
        command.addAll(flags);
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .failFast("redis-server ended", () -> !process.isAlive())
                .ignoreExceptions()
                .until(() -> "PONG".equals(ping()));
    }

    private String ping() {
        RedisClient client = RedisClient.create(RedisURI.create(url()));
        try {
            return client.connect().sync().ping();
        } finally {
            client.shutdown(0, 0, TimeUnit.MILLISECONDS);
        }
    }

    /** Ends it without a chance to tidy up. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Stops its process from running until {@link #resume}, connections open. */
    void pause() {
        signal("-STOP");
    }

    void resume() {
        signal("-CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    int port() {
        return port;
    }

    /** Returns where it is, as clients want to know it. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Runs commands over a connection of its own. */
    void with(Consumer<io.lettuce.core.api.sync.RedisCommands<String, String>> commands) {
        RedisClient client = RedisClient.create(RedisURI.create(url()));
        try {
            commands.accept(client.connect().sync());
        } finally {
            client.shutdown(0, 0, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        kill();
        try (var files = Files.walk(directory)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

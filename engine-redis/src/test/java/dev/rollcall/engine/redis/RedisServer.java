package dev.rollcall.engine.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** A {@code redis-server} of its own on a free port of this machine, with nothing in it and nothing on disk unless asked for. */
public final class RedisServer implements AutoCloseable {
    private final int port;
    private final Kind kind;
    private final List<String> flags;
    private final Path directory;
    private Process process;

    private RedisServer(int port, Kind kind, List<String> flags) {
        this.port = port;
        this.kind = kind;
        this.flags = flags;
        try {
            directory = Files.createTempDirectory("rollcall-redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private enum Kind {
        PLAIN,
        TLS,
        SENTINEL
    }

    /** Starts a server. */
    public static RedisServer open(String... flags) {
        return open(Kind.PLAIN, List.of(flags));
    }

    /** Starts a server that finds a snapshot of another one. */
    static RedisServer openWith(Path snapshot) {
        RedisServer server = open();
        server.kill();
        try {
            Files.copy(snapshot, server.directory.resolve("dump.rdb"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.start();
        return server;
    }

    /** Starts a server that speaks nothing but TLS. */
    static RedisServer openTls(Path certificate, Path key) {
        return open(
                Kind.TLS,
                List.of(
                        "--tls-cert-file",
                        certificate.toString(),
                        "--tls-key-file",
                        key.toString(),
                        "--tls-auth-clients",
                        "no"));
    }

    /** Starts a sentinel, which keeps what it learns in its configuration. */
    public static RedisServer openSentinel(Path configuration) {
        return open(Kind.SENTINEL, List.of(configuration.toString(), "--sentinel"));
    }

    private static RedisServer open(Kind kind, List<String> flags) {
        for (int attempt = 1; ; attempt++) {
            RedisServer server = new RedisServer(freePort(), kind, flags);
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
    public void start() {
        try {
            process = new ProcessBuilder(command())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .failFast("redis-server ended", () -> !process.isAlive())
                .ignoreExceptions()
                .until(this::answers);
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of("redis-server"));
        String number = Integer.toString(port);
        if (kind == Kind.SENTINEL) {
            // Its configuration comes first, and it knows no snapshots.
            command.addAll(flags);
        }
        command.addAll(List.of("--bind", "127.0.0.1", "--dir", directory.toString()));
        command.addAll(kind == Kind.TLS ? List.of("--port", "0", "--tls-port", number) : List.of("--port", number));
        if (kind != Kind.SENTINEL) {
            command.addAll(List.of("--save", ""));
            command.addAll(flags);
        }
        return command;
    }

    /** Returns whether it talks, if only to say that it wants a password. */
    private boolean answers() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            if (kind == Kind.TLS) {
                return true;
            }
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes(5);
            return answer.length == 5 && !"-LOAD".equals(new String(answer, StandardCharsets.US_ASCII));
        }
    }

    /** Ends it without a chance to tidy up. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Stops its process from running until {@link #resume}, connections open. */
    public void pause() {
        signal("-STOP");
    }

    /** Has its process run again. */
    public void resume() {
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

    /** Returns where it listens. */
    public int port() {
        return port;
    }

    /** Returns where it is, as clients want to know it. */
    public String url() {
        return (kind == Kind.TLS ? "rediss" : "redis") + "://127.0.0.1:" + port;
    }

    /** Returns what it says of itself. */
    String info(String section) {
        String[] info = {""};
        with(redis -> info[0] = redis.info(section));
        return info[0];
    }

    /** Waits until its replica has everything that it has itself now. */
    void awaitReplica() {
        long here = Long.parseLong(field(info("replication"), "master_repl_offset:", "\r"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> Long.parseLong(field(info("replication"), ",offset=", ",")) >= here);
    }

    /** Waits until it, a replica, has what its master has. */
    public void awaitMaster() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> info("replication").contains("master_link_status:up"));
    }

    /** Waits until it is a master, which it was not before. */
    public void awaitPromotion() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> info("replication").contains("role:master"));
    }

    /** Waits until it, a sentinel, knows so many replicas. */
    public void awaitReplicas(int count) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> info("sentinel").contains("slaves=" + count));
    }

    private static String field(String info, String name, String end) {
        int from = info.indexOf(name) + name.length();
        return info.substring(from, info.indexOf(end, from));
    }

    /** Runs commands over a connection of its own. */
    public void with(Consumer<io.lettuce.core.api.sync.RedisCommands<String, String>> commands) {
        RedisClient client = RedisClient.create(Threads.SHARED, RedisURI.create(url()));
        try {
            commands.accept(client.connect().sync());
        } finally {
            client.shutdown(0, 0, TimeUnit.MILLISECONDS);
        }
    }

    /** The threads of all clients of tests: making some for each takes longer than what most of them ask. */
    private static final class Threads {
        static final ClientResources SHARED = ClientResources.create();
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

package dev.rollcall.bench.soak;

import dev.rollcall.bench.load.HttpCaller;
import dev.rollcall.bench.load.Requests;
import dev.rollcall.bench.process.Jvm;
import dev.rollcall.bench.process.ServerProcess;
import dev.rollcall.bench.process.Servers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A server under the soak, at one address from its first start to its last, with one data directory. Restarted by one thread; its
 * address is asked for by any.
 */
final class Target implements AutoCloseable {
    /** How often it writes a snapshot; what is acknowledged between one and a crash may be lost. */
    static final Duration SNAPSHOT_INTERVAL = Duration.ofSeconds(1);

    /** Longer than clients need to find the way back. */
    static final Duration GRACE = Duration.ofSeconds(20);

    private static final int START_ATTEMPTS = 5;

    private final Jvm jvm;
    private final Path data;
    private volatile ServerProcess process;
    private final int port;

    private Target(Jvm jvm, Path data) throws IOException, InterruptedException {
        this.jvm = jvm;
        this.data = data;
        process = launch(0);
        port = process.address().getPort();
    }

    static Target start(Jvm jvm, Path data) throws IOException, InterruptedException {
        return new Target(jvm, data);
    }

    private ServerProcess launch(int wantedPort) throws IOException, InterruptedException {
        return Servers.rollcallWith(
                jvm,
                List.of(
                        "--port",
                        Integer.toString(wantedPort),
                        "--admin-port",
                        "0",
                        "--data",
                        data.toString(),
                        "--snapshot-interval",
                        SNAPSHOT_INTERVAL.toSeconds() + "s",
                        "--restart-grace",
                        GRACE.toSeconds() + "s"));
    }

    int port() {
        return port;
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    /** Returns the path of something of a channel of presence. */
    static String presence(String rest) {
        return "/v2/presence/sub-key/" + Requests.KEY + rest;
    }

    /** Asks it to stop and starts it again; returns the status it ended with. */
    int restart() throws IOException, InterruptedException {
        int status = process.stop();
        process = again();
        return status;
    }

    /** Kills it and starts it again. */
    void crash() throws IOException, InterruptedException {
        process.kill();
        process = again();
    }

    /** A port just left may not be free at once: a client of the machine may have been given it. */
    private ServerProcess again() throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return launch(port);
            } catch (IOException e) {
                if (attempt == START_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Returns the heap in use after full collections: the least of a few, for requests are under way all the time. */
    long heapAfterCollection(int collections) throws IOException, InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < collections; i++) {
            process.collectGarbage(jvm);
            least = Math.min(least, process.heapBytes(jvm).orElseThrow());
        }
        return least;
    }

    /** Returns the sum of all lines of a metric. */
    double metric(String name) throws IOException {
        try (HttpCaller caller = new HttpCaller(process.adminAddress())) {
            return caller.require(Requests.get("/metrics"))
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    /** Returns whether it says it is ready. */
    boolean isReady() throws IOException {
        try (HttpCaller caller = new HttpCaller(process.adminAddress())) {
            return caller.call(Requests.get("/ready")).status == 200;
        }
    }

    /** Asks it to stop, and returns the status it ended with. */
    int stop() throws InterruptedException {
        return process.stop();
    }

    void requireAlive() {
        process.requireAlive();
    }

    @Override
    public void close() {
        process.close();
    }
}

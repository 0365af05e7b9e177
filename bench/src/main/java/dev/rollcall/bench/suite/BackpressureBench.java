package dev.rollcall.bench.suite;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.Options;
import dev.rollcall.bench.load.HttpCaller;
import dev.rollcall.bench.load.PacedCalls;
import dev.rollcall.bench.load.Requests;
import dev.rollcall.bench.load.Until;
import dev.rollcall.bench.process.Jvm;
import dev.rollcall.bench.process.ServerProcess;
import dev.rollcall.bench.process.Servers;
import dev.rollcall.bench.report.Figures;
import dev.rollcall.bench.report.Latencies;
import dev.rollcall.bench.report.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Clients that ask and ask and never read: what they cost, and how long until they are dropped. */
final class BackpressureBench implements Bench {
    private static final double PROBES_PER_SECOND = 200;
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int OCCUPANTS = 1000;
    private static final int REQUESTS_AT_ONCE = 50;
    private static final int WARM_UP_REQUESTS = 3000;
    private static final int SECONDS_TO_FILL_UP = 5;
    private static final String DROPPED = "rollcall_connections_dropped_total";

    @Override
    public String name() {
        return "backpressure";
    }

    @Override
    public String summary() {
        return "clients that ask and never read: memory of the server, latency of others, time until they are dropped";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("clients", 200, "clients that do not read"),
                new Option("wait", 60, "most seconds until all of them are dropped"),
                Option.serverOptions());
    }

    @Override
    public void run(BenchRun run) throws Exception {
        Options options = run.options();
        int clients = options.number("clients", 1);
        int seconds = options.number("wait", 1);
        Jvm jvm = Jvm.current().with(options.words("server-opts"));
        List<HttpCaller> deaf = new ArrayList<>();
        try (ServerProcess server = Servers.rollcall(jvm);
                PacedCalls probe = new PacedCalls(
                        server.address(),
                        PROBES_PER_SECOND,
                        number -> Requests.heartbeat("elsewhere", Requests.user(888_888_888)))) {
            fill(server);
            Until.passed(LOOK);
            server.collectGarbage(jvm);
            long before = server.residentBytes();
            probe.reset();
            long begin = System.nanoTime();
            byte[] requests = repeated(Requests.hereNow("room", true));
            for (int i = 0; i < clients; i++) {
                HttpCaller caller = new HttpCaller(server.address());
                deaf.add(caller);
                caller.send(requests);
            }
            run.progress(clients + " clients ask " + REQUESTS_AT_ONCE + " times and do not read");
            long most = before;
            long held = before;
            double droppedAfter = -1;
            for (int i = 1; i <= seconds && droppedAfter < 0; i++) {
                Until.passed(LOOK);
                most = Math.max(most, server.residentBytes());
                if (i == SECONDS_TO_FILL_UP) {
                    server.collectGarbage(jvm);
                    held = server.residentBytes();
                }
                if (dropped(server) >= clients) {
                    droppedAfter = (System.nanoTime() - begin) / 1e9;
                }
            }
            server.requireAlive();
            Latencies latencies = probe.stop();
            server.collectGarbage(jvm);
            Until.passed(LOOK);
            Table table = new Table(
                    Figures.count(clients) + " clients ask " + REQUESTS_AT_ONCE + " times for "
                            + Figures.count(OCCUPANTS) + " occupants with state and never read",
                    "what",
                    "value");
            table.row("memory at most, MB more than before", Figures.megabytes((double) most - before));
            table.row(
                    "memory held for them, after a collection, KB a client",
                    Figures.kilobytes(((double) held - before) / clients));
            table.row(
                    "memory after all, MB more than before",
                    Figures.megabytes((double) server.residentBytes() - before));
            table.row("dropped", Figures.count(dropped(server)));
            table.row("all dropped after s", droppedAfter < 0 ? "not within " + seconds : Figures.plain(droppedAfter));
            table.row("heartbeats of others, p50 ms", Figures.millis(latencies.quantile(0.5)));
            table.row("heartbeats of others, p99 ms", Figures.millis(latencies.quantile(0.99)));
            table.row("heartbeats of others, max ms", Figures.millis(latencies.max()));
            table.note("Dropped as the metric " + DROPPED + " counts them.");
            run.print(table);
        } finally {
            for (HttpCaller caller : deaf) {
                caller.close();
            }
        }
    }

    private static void fill(ServerProcess server) throws IOException {
        try (HttpCaller caller = new HttpCaller(server.address())) {
            for (int i = 0; i < OCCUPANTS; i++) {
                caller.require(Requests.heartbeat("room", Requests.user(i), Requests.encodedState("room", i)));
            }
            byte[] ask = Requests.hereNow("room", true);
            for (int i = 0; i < WARM_UP_REQUESTS; i++) {
                caller.require(ask);
            }
        }
    }

    private static byte[] repeated(byte[] request) {
        byte[] requests = new byte[request.length * REQUESTS_AT_ONCE];
        for (int i = 0; i < REQUESTS_AT_ONCE; i++) {
            System.arraycopy(request, 0, requests, i * request.length, request.length);
        }
        return requests;
    }

    /** Reads on the admin port how many connections the server has dropped. */
    private static long dropped(ServerProcess server) throws IOException {
        try (HttpCaller admin = new HttpCaller(server.adminAddress())) {
            return admin.require(Requests.get("/metrics"))
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(DROPPED))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }
}

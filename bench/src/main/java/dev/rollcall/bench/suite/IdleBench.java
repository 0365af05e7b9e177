package dev.rollcall.bench.suite;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.Options;
import dev.rollcall.bench.load.HttpCaller;
import dev.rollcall.bench.load.LoadLoops;
import dev.rollcall.bench.load.PacedCalls;
import dev.rollcall.bench.load.PollFleet;
import dev.rollcall.bench.load.Requests;
import dev.rollcall.bench.load.Until;
import dev.rollcall.bench.process.Jvm;
import dev.rollcall.bench.process.ServerProcess;
import dev.rollcall.bench.process.Servers;
import dev.rollcall.bench.report.Figures;
import dev.rollcall.bench.report.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What polls cost that nothing happens to. */
final class IdleBench implements Bench {
    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final int WARM_UP_REQUESTS = 40_000;

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public String summary() {
        return "15,000 parked polls with a heartbeat each 30 s: server CPU a connection and second";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("clients", 15_000, "clients that wait"),
                new Option("room", 10, "clients of each channel"),
                new Option("heartbeat", 30, "seconds between the heartbeats of each client"),
                Option.seconds(30),
                Option.serverOptions());
    }

    @Override
    public void run(BenchRun run) throws Exception {
        Options options = run.options();
        int clients = Math.min(options.number("clients", 1), PollFleet.most());
        int room = options.number("room", 1);
        double perSecond = (double) clients / options.number("heartbeat", 1);
        Duration time = Duration.ofSeconds(options.number("seconds", 1));
        Jvm jvm = Jvm.current().with(options.words("server-opts"));
        Table table = new Table(
                Figures.count(clients) + " parked polls of users who are present, " + room + " in a channel",
                "meanwhile",
                "CPU ms a second",
                "CPU µs a connection and second",
                "dropped");
        try (LoadLoops loops = new LoadLoops(1);
                ServerProcess server = Servers.rollcall(jvm);
                PollFleet fleet = new PollFleet(loops)) {
            int open = fleet.open(server.address(), clients, ConnectionsBench.present(room));
            run.progress("warming up");
            warmUp(server);
            Until.passed(SETTLE);
            run.progress(open + " polls, nothing else");
            row(table, "nothing", fleet, open, server, time);
            try (PacedCalls heartbeats = new PacedCalls(server.address(), perSecond, number -> {
                int user = (int) (number % open);
                return Requests.heartbeat("room-" + user / room, Requests.user(user));
            })) {
                run.progress(open + " polls, with heartbeats");
                Until.passed(SETTLE);
                row(table, Figures.count(perSecond) + " heartbeats a second", fleet, open, server, time);
                heartbeats.stop();
            }
        }
        if (options.number("clients", 1) > clients) {
            table.note(PollFleet.limit());
        }
        table.note("Target: at most 1 µs with heartbeats.");
        run.print(table);
    }

    /** So many heartbeats that the JVM has compiled what there is to compile. */
    private static void warmUp(ServerProcess server) throws IOException {
        byte[] heartbeat = Requests.heartbeat("room-0", Requests.user(0));
        try (HttpCaller caller = new HttpCaller(server.address())) {
            for (int i = 0; i < WARM_UP_REQUESTS; i++) {
                caller.require(heartbeat);
            }
        }
    }

    private static void row(
            Table table, String meanwhile, PollFleet fleet, int clients, ServerProcess server, Duration time) {
        long before = server.cpuNanos();
        long begin = System.nanoTime();
        Until.passed(time);
        double perSecond = (server.cpuNanos() - before) * 1e9 / (System.nanoTime() - begin);
        table.row(
                meanwhile,
                Figures.millis(perSecond),
                Figures.micros(perSecond / clients),
                Figures.count(fleet.dropped()));
    }
}

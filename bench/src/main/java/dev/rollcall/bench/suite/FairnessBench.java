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
import dev.rollcall.bench.report.Latencies;
import dev.rollcall.bench.report.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How long somebody else's heartbeat takes while one huge channel, or one client in very many channels, keeps the server busy. */
final class FairnessBench implements Bench {
    private static final double PROBES_PER_SECOND = 500;
    private static final int PROBERS = 4;
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final String BIG_USER = Requests.user(777_777_777);

    @Override
    public String name() {
        return "fairness";
    }

    @Override
    public String summary() {
        return "latency of others while one channel has 10,000 watchers, and while one client is in 2,000 channels";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("watchers", 10_000, "watchers of the huge channel"),
                new Option("channels", 2000, "channels of the client who is in many"),
                Option.seconds(10),
                Option.serverOptions());
    }

    @Override
    public void run(BenchRun run) throws Exception {
        Options options = run.options();
        int watchers = Math.min(options.number("watchers", 1), PollFleet.most());
        int channels = options.number("channels", 1);
        Duration time = Duration.ofSeconds(options.number("seconds", 1));
        Jvm jvm = Jvm.current().with(options.words("server-opts"));
        Table table = new Table(
                "Heartbeats of others, " + Figures.count(PROBES_PER_SECOND * PROBERS)
                        + " a second, milliseconds from when each was due",
                "server",
                "meanwhile",
                "p50",
                "p99",
                "p99.9",
                "max");
        try (LoadLoops loops = new LoadLoops(1);
                ServerProcess rollcall = Servers.rollcall(jvm, Audience.QUIET);
                ServerProcess bare = Servers.bareParking(jvm, Audience.sample(rollcall))) {
            byte[] probeOfBare = Requests.get("/?tt=0");
            row(table, bare, "nothing", run, probeOfBare, () -> Until.passed(time));
            fanOut(table, bare, Audience.bare(bare), loops, watchers, time, run, probeOfBare);
            byte[] probe = Requests.heartbeat("elsewhere", Requests.user(888_888_888));
            row(table, rollcall, "nothing", run, probe, () -> Until.passed(time));
            fanOut(table, rollcall, Audience.rollcall(rollcall), loops, watchers, time, run, probe);
            String many = IntStream.range(0, channels).mapToObj(i -> "many" + i).collect(Collectors.joining(","));
            row(table, rollcall, "heartbeats for " + Figures.count(channels) + " channels", run, probe, () -> {
                repeat(rollcall, time, Requests.heartbeat(many, BIG_USER));
            });
            row(table, rollcall, "joins and leaves of " + Figures.count(channels) + " channels", run, probe, () -> {
                repeat(rollcall, time, Requests.heartbeat(many, BIG_USER), Requests.leave(many, BIG_USER));
            });
            row(table, rollcall, "subscribes to " + Figures.count(channels) + " channels", run, probe, () -> {
                repeat(rollcall, time, Requests.subscribe(many, BIG_USER, 0));
            });
        }
        table.note(
                "The load generator shares the processors, so bare Netty's rows say what of this is the machine's. Target: others"
                        + " delayed by at most 50 ms.");
        run.print(table);
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void fanOut(
            Table table,
            ServerProcess server,
            Events events,
            LoadLoops loops,
            int watchers,
            Duration time,
            BenchRun run,
            byte[] probe)
            throws IOException {
        // The first turn warms up and tells how many events fit into the time.
        long begin = System.nanoTime();
        events.fanOut(loops, watchers, 2, 3);
        double nanosEach = (System.nanoTime() - begin) / 5.0;
        int count = (int) Math.max(3, time.toNanos() / nanosEach);
        row(table, server, "events to " + Figures.count(watchers) + " watchers", run, probe, () -> {
            events.fanOut(loops, watchers, 0, count);
        });
    }

    private static void repeat(ServerProcess server, Duration time, byte[]... requests) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        try (HttpCaller caller = new HttpCaller(server.address())) {
            for (int i = 0; System.nanoTime() - end < 0; i++) {
                caller.require(requests[i % requests.length]);
            }
        }
    }

    private static void row(Table table, ServerProcess server, String meanwhile, BenchRun run, byte[] probe, Work work)
            throws IOException {
        run.progress(server.name() + ": " + meanwhile);
        List<PacedCalls> probers = new ArrayList<>();
        try {
            for (int i = 0; i < PROBERS; i++) {
                probers.add(new PacedCalls(server.address(), PROBES_PER_SECOND, number -> probe));
            }
            Until.passed(WARM_UP);
            probers.forEach(PacedCalls::reset);
            work.run();
            Latencies all = new Latencies();
            for (PacedCalls prober : probers) {
                all.add(prober.stop());
            }
            table.row(
                    server.name(),
                    meanwhile,
                    Figures.millis(all.quantile(0.5)),
                    Figures.millis(all.quantile(0.99)),
                    Figures.millis(all.quantile(0.999)),
                    Figures.millis(all.max()));
        } finally {
            probers.forEach(PacedCalls::close);
        }
    }
}

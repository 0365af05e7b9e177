package dev.rollcall.bench.suite;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.Options;
import dev.rollcall.bench.load.LoadLoops;
import dev.rollcall.bench.process.Jvm;
import dev.rollcall.bench.process.ServerProcess;
import dev.rollcall.bench.process.Servers;
import dev.rollcall.bench.report.Figures;
import dev.rollcall.bench.report.Table;
import java.time.Duration;
import java.util.List;

/** Many users join one channel that all of them watch: what each is told, and how soon each knows how many are there. */
final class StormBench implements Bench {
    private static final int UNLIMITED = 1_000_000;
    private static final int WARM_UPS = 2;
    private static final int WARM_UP_USERS = 100;

    @Override
    public String name() {
        return "storm";
    }

    @Override
    public String summary() {
        return "1,000 users join one channel in ten seconds and watch it: events each, deliveries in all, longest wait";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("users", 1000, "users"),
                new Option("seconds", 10, "seconds in which they join"),
                new Option("announce-max", 20, "announce-max of interval mode"),
                new Option("interval", 10, "seconds between interval events"),
                Option.serverOptions());
    }

    @Override
    public void run(BenchRun run) throws Exception {
        Options options = run.options();
        int users = options.number("users", 2);
        Duration time = Duration.ofSeconds(options.number("seconds", 1));
        int announceMax = options.number("announce-max", 0);
        int interval = options.number("interval", 1);
        Jvm jvm = Jvm.current().with(options.words("server-opts"));
        Table table = new Table(
                Figures.count(users) + " users join one channel in " + time.toSeconds()
                        + " s, each by a subscribe to room and" + " room-pnpres",
                "mode",
                "watching",
                "events each",
                "deliveries",
                "lost",
                "twice",
                "longest wait s",
                "last join known s",
                "server CPU s");
        for (int max : new int[] {UNLIMITED, announceMax}) {
            for (boolean fromStart : new boolean[] {true, false}) {
                run.progress(
                        "announce-max " + max + (fromStart ? ", watching from the start" : ", watching once joined"));
                try (ServerProcess server =
                                Servers.rollcall(jvm, "announce-max: " + max, "interval: " + interval + "s");
                        LoadLoops loops = new LoadLoops(1)) {
                    warmUp(loops, server);
                    try (Storm storm = new Storm(loops, server, "room", users, fromStart)) {
                        storm.run(time, Duration.ofSeconds(2L * interval));
                        row(table, mode(max), fromStart, storm);
                    }
                    server.requireAlive();
                }
            }
        }
        table.note(
                "longest wait: the longest that a join was unknown to somebody who watched when it happened; events carry the"
                        + " occupancy.");
        table.note("Without a limit, watching from the start, " + Figures.count(users)
                + " squared events are due. Target with"
                + " announce-max 20: under 25,000 deliveries, nobody waits longer than one interval.");
        table.note("lost, twice: checked where every join is an event of its own.");
        run.print(table);
    }

    /** A small storm in another room: the first requests of a server cost many times what they cost later. */
    private static void warmUp(LoadLoops loops, ServerProcess server) {
        for (int i = 0; i < WARM_UPS; i++) {
            try (Storm storm = new Storm(loops, server, "warm-up-" + i, WARM_UP_USERS, true)) {
                storm.run(Duration.ofSeconds(1), Duration.ofSeconds(1));
            }
        }
    }

    private static String mode(int announceMax) {
        return announceMax == UNLIMITED ? "announce, no limit" : "interval above " + announceMax;
    }

    private static void row(Table table, String mode, boolean fromStart, Storm storm) {
        boolean everyJoin = mode.startsWith("announce");
        table.row(
                mode,
                fromStart ? "from the start" : "once joined",
                storm.eventsEach().text(Figures::count),
                Figures.count(storm.deliveries()),
                everyJoin ? Figures.count(storm.lost(fromStart)) : "-",
                everyJoin ? Figures.count(storm.repeated()) : "-",
                Figures.plain(storm.longestWaitSeconds()),
                storm.allKnow() ? Figures.plain(storm.lastJoinKnownSeconds()) : "never",
                Figures.plain(storm.cpuNanos() / 1e9));
    }
}

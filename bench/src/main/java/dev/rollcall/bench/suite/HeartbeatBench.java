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

/** Heartbeats of users who are present. */
final class HeartbeatBench implements Bench {
    @Override
    public String name() {
        return "heartbeat";
    }

    @Override
    public String summary() {
        return "heartbeats of users who are present: server CPU a request, beside a bare server and peers";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("connections", 64, "keep-alive connections, each with one request at a time"),
                new Option("users", 6400, "users who are present"),
                Option.rounds(5),
                Option.seconds(3),
                Option.peers(Peers.ALL),
                Option.serverOptions());
    }

    @Override
    public void run(BenchRun run) throws Exception {
        Options options = run.options();
        int connections = options.number("connections", 1);
        int users = options.number("users", connections);
        Jvm jvm = Jvm.current().with(options.words("server-opts"));
        Heartbeats heartbeats = new Heartbeats(users, connections);
        try (LoadLoops loops = new LoadLoops(1);
                ServerProcess rollcall = Servers.rollcall(jvm);
                ServerProcess bare = Servers.bareAnswering(jvm, heartbeats.join(rollcall));
                Peers peers = new Peers(run, jvm)) {
            RequestContest contest = new RequestContest(
                            loops, connections, Duration.ofSeconds(options.number("seconds", 1)))
                    .add(Servers.BARE, bare, heartbeats.source())
                    .add(Servers.ROLLCALL, rollcall, heartbeats.source());
            peers.addHeartbeats(contest, connections);
            contest.run(options.number("rounds", 1), run);
            Table table = RequestContest.table("Heartbeats of " + Figures.count(users) + " users who are present, over "
                    + connections + " connections; median (min..max) of the rounds");
            contest.addTo(table, Servers.BARE);
            table.note("bare Netty answers the same bytes. Target: at most 1.25 x.");
            peers.note(table);
            run.print(table);
        }
    }
}

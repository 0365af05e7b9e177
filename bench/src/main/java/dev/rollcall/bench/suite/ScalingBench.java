package dev.rollcall.bench.suite;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.Options;
import dev.rollcall.bench.load.LoadLoops;
import dev.rollcall.bench.process.Jvm;
import dev.rollcall.bench.process.ServerProcess;
import dev.rollcall.bench.process.Servers;
import dev.rollcall.bench.report.Table;
import java.time.Duration;
import java.util.List;

/** The same heartbeats to a server that uses one processor and to one that uses two. */
final class ScalingBench implements Bench {
    private static final String ONE = "1 event loop";
    private static final String TWO = "2 event loops";

    @Override
    public String name() {
        return "scaling";
    }

    @Override
    public String summary() {
        return "heartbeats on one event loop and on two: what does sharing the rosters cost, and what does it bring?";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("connections", 64, "keep-alive connections, each with one request at a time"),
                new Option("users", 6400, "users who are present"),
                Option.rounds(5),
                Option.seconds(3),
                Option.serverOptions());
    }

    @Override
    public void run(BenchRun run) throws Exception {
        Options options = run.options();
        int connections = options.number("connections", 1);
        Heartbeats heartbeats = new Heartbeats(options.number("users", connections), connections);
        Jvm jvm = Jvm.current().with(options.words("server-opts"));
        try (LoadLoops loops = new LoadLoops(1);
                ServerProcess one = Servers.rollcall(jvm.with(List.of("-XX:ActiveProcessorCount=1")));
                ServerProcess two = Servers.rollcall(jvm.with(List.of("-XX:ActiveProcessorCount=2")))) {
            heartbeats.join(one);
            heartbeats.join(two);
            RequestContest contest = new RequestContest(
                            loops, connections, Duration.ofSeconds(options.number("seconds", 1)))
                    .add(ONE, one, heartbeats.source())
                    .add(TWO, two, heartbeats.source())
                    .run(options.number("rounds", 1), run);
            Table table = RequestContest.table(
                    "Heartbeats over " + connections + " connections; median (min..max) of the rounds", ONE);
            contest.addTo(table, ONE);
            table.note(
                    "The load generator takes a processor of its own; where there are only two, the second event loop gets what"
                            + " it leaves. So the requests a second show the least that a loop more brings; the CPU time, what it costs.");
            run.print(table);
        }
    }
}

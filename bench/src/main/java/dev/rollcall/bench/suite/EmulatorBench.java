package dev.rollcall.bench.suite;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.report.Figures;
import dev.rollcall.bench.report.Table;
import dev.rollcall.testkit.RollcallTestServer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** What a test pays for a server in its process: a start, a reset, an hour. */
final class EmulatorBench implements Bench {
    private static final int CHANNELS = 100;

    @Override
    public String name() {
        return "emulator";
    }

    @Override
    public String summary() {
        return "start, reset and an hour of a server in the process of tests";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("rounds", 15, "how often each is done, after five times that do not count"),
                new Option("users", 1000, "users who are present when it is reset, or time passes"));
    }

    @Override
    public void run(BenchRun run) {
        int rounds = run.options().number("rounds", 1);
        int users = run.options().number("users", 1);
        long[] starts = new long[rounds];
        long[] resets = new long[rounds];
        long[] hours = new long[rounds];
        long[] kept = new long[rounds];
        for (int round = -5; round < rounds; round++) {
            int at = Math.max(0, round);
            long from = System.nanoTime();
            try (RollcallTestServer server = RollcallTestServer.start()) {
                starts[at] = System.nanoTime() - from;
                join(server, users);
                from = System.nanoTime();
                server.clock().keepingAll().advance(Duration.ofHours(1));
                kept[at] = System.nanoTime() - from;
                from = System.nanoTime();
                server.clock().advance(Duration.ofHours(1));
                hours[at] = System.nanoTime() - from;
                join(server, users);
                from = System.nanoTime();
                server.reset();
                resets[at] = System.nanoTime() - from;
            }
        }
        Table table = new Table("In the process of tests, warm, " + users + " users", "what", "median ms", "most ms");
        row(table, "start", starts);
        row(table, "reset", resets);
        row(table, "an hour, everybody times out", hours);
        row(table, "an hour, everybody kept", kept);
        table.note("Target: a start under 300 ms, a reset under 20 ms.");
        run.print(table);
    }

    private static void join(RollcallTestServer server, int users) {
        for (int i = 0; i < users; i++) {
            server.user("user-" + i).join("channel-" + i % CHANNELS);
        }
    }

    private static void row(Table table, String what, long[] nanos) {
        Arrays.sort(nanos);
        double median = nanos[nanos.length / 2];
        double most = nanos[nanos.length - 1];
        table.row(what, Figures.millis(median), Figures.millis(most));
    }
}

package dev.rollcall.bench.suite;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.Options;
import dev.rollcall.bench.jmh.OwnershipBenchmark;
import dev.rollcall.bench.report.Figures;
import dev.rollcall.bench.report.Table;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;

/** Locks beside an owner thread. */
final class OwnershipBench implements Bench {
    private static final Map<String, String> NAMES = Map.of(
            "lock", "a lock for each of 16 parts",
            "monitor", "a monitor for each of 16 parts",
            "ownerOneByOne", "an owner thread, one request at a time",
            "ownerIn64s", "an owner thread, 64 requests at a time");

    /** Requests in one operation where it is not one. */
    private static final Map<String, Integer> REQUESTS = Map.of("ownerIn64s", 64);

    @Override
    public String name() {
        return "ownership";
    }

    @Override
    public String summary() {
        return "a lock for each shard or a thread that owns them: which costs a renewal less? By JMH, on 1 and 2 threads";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("threads", "1,2", "numbers of threads that ask"),
                new Option("iterations", 5, "measured iterations"),
                Option.seconds(1));
    }

    @Override
    public void run(BenchRun run) throws Exception {
        Options options = run.options();
        Table table = new Table("Work of the size of a renewal", "owner", "threads that ask", "a second", "error");
        for (int threads : options.numbers("threads")) {
            run.progress("on " + threads + " threads");
            for (RunResult result :
                    JmhRun.of(OwnershipBenchmark.class, "", options, threads).run()) {
                row(table, result, threads);
            }
        }
        table.note(
                "An owner thread is one more thread beside those that ask. What they ask for must be done before they can answer.");
        run.print(table);
    }

    private static void row(Table table, RunResult result, int threads) {
        String label = result.getPrimaryResult().getLabel();
        int requests = REQUESTS.getOrDefault(label, 1);
        double error = result.getPrimaryResult().getScoreError();
        table.row(
                NAMES.getOrDefault(label, label),
                Integer.toString(threads),
                Figures.count(result.getPrimaryResult().getScore() * requests),
                Double.isNaN(error) ? "-" : "± " + Figures.count(error * requests));
    }
}

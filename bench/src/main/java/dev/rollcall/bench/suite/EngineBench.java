package dev.rollcall.bench.suite;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.Options;
import dev.rollcall.bench.jmh.EngineBenchmark;
import dev.rollcall.bench.report.Figures;
import dev.rollcall.bench.report.Table;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;

/** The engine alone, by JMH. */
final class EngineBench implements Bench {
    private static final Map<String, String> NAMES = Map.of(
            "renew", "renewals",
            "renewParsed", "renewals, strings just parsed",
            "joinAndLeave", "join and leave, pairs",
            "hereNow", "here-now of 100, unchanged");
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    @Override
    public String name() {
        return "engine";
    }

    @Override
    public String summary() {
        return "the engine without HTTP, by JMH: renewals, joins and leaves, here-now a second, on 1 and 2 threads";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("only", "", "the benchmarks to run, a regular expression"),
                new Option("threads", "1,2", "numbers of threads"),
                new Option("occupants", 100_000, "occupants of the engine"),
                new Option("channels", 1000, "channels they are spread over"),
                new Option("iterations", 5, "measured iterations"),
                Option.seconds(1));
    }

    @Override
    public void run(BenchRun run) throws Exception {
        Options options = run.options();
        Table table = new Table(
                Figures.count(options.number("occupants", 1)) + " occupants over "
                        + Figures.count(options.number("channels", 1)) + " channels",
                "operation",
                "threads",
                "a second",
                "error",
                "a second and thread",
                "bytes allocated each");
        for (int threads : options.numbers("threads")) {
            run.progress("on " + threads + " threads");
            for (RunResult result : measure(options, threads)) {
                row(table, result, threads);
            }
        }
        table.note("Target on one thread: 3,000,000 renewals, 1,000,000 pairs of join and leave.");
        run.print(table);
    }

    private static Collection<RunResult> measure(Options options, int threads) throws Exception {
        return JmhRun.of(EngineBenchmark.class, options.text("only"), options, threads)
                .param("occupants", options.text("occupants"))
                .param("channels", options.text("channels"))
                .run();
    }

    private static void row(Table table, RunResult result, int threads) {
        String label = result.getPrimaryResult().getLabel();
        double rate = result.getPrimaryResult().getScore();
        double error = result.getPrimaryResult().getScoreError();
        table.row(
                NAMES.getOrDefault(label, label),
                Integer.toString(threads),
                Figures.count(rate),
                Double.isNaN(error) ? "-" : "± " + Figures.count(error),
                Figures.count(rate / threads),
                Figures.count(allocated(result)));
    }

    private static double allocated(RunResult result) {
        for (String figure : result.getSecondaryResults().keySet()) {
            if (figure.endsWith(ALLOCATED)) {
                return result.getSecondaryResults().get(figure).getScore();
            }
        }
        return Double.NaN;
    }
}

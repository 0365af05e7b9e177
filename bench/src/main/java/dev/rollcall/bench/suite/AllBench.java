package dev.rollcall.bench.suite;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.Options;
import java.util.List;

/** All benches one after the other, with their defaults. */
final class AllBench implements Bench {
    private final List<Bench> benches;

    AllBench(List<Bench> benches) {
        this.benches = List.copyOf(benches);
    }

    @Override
    public String name() {
        return "all";
    }

    @Override
    public String summary() {
        return "all of these, one after the other, as one report";
    }

    @Override
    public List<Option> options() {
        return List.of(new Option("without", "", "benches to leave out, separated by commas"));
    }

    @Override
    public void run(BenchRun run) {
        List<String> without = run.options().list("without");
        for (Bench bench : benches) {
            if (without.contains(bench.name())) {
                continue;
            }
            run.say("");
            run.say("== " + bench.name() + ": " + bench.summary());
            try {
                bench.run(new BenchRun(Options.parse(bench.options(), List.of()), run.out(), run.progress()));
            } catch (Exception e) {
                // One that fails must not cost the report of all others.
                run.say(bench.name() + ": failed, " + e);
                e.printStackTrace(run.progress());
            }
        }
    }
}

package dev.rollcall.bench.suite;

import dev.rollcall.bench.Options;
import dev.rollcall.bench.process.Jvm;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** JMH benchmarks of one class, on the Java and with the flags that the servers get. */
final class JmhRun {
    private final ChainedOptionsBuilder builder;

    private JmhRun(ChainedOptionsBuilder builder) {
        this.builder = builder;
    }

    /**
     * Prepares a run.
     *
     * @param only a regular expression that the names of the benchmarks must match, empty for all
     * @param options say how long and how often: {@code seconds}, {@code iterations}
     */
    static JmhRun of(Class<?> benchmarks, String only, Options options, int threads) {
        TimeValue time = TimeValue.seconds(options.number("seconds", 1));
        return new JmhRun(new OptionsBuilder()
                .include(benchmarks.getName() + "." + only)
                .threads(threads)
                .measurementIterations(options.number("iterations", 1))
                .measurementTime(time)
                .warmupTime(time)
                .addProfiler(GCProfiler.class)
                .jvmArgs(flags().toArray(String[]::new))
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true));
    }

    JmhRun param(String name, String value) {
        builder.param(name, value);
        return this;
    }

    Collection<RunResult> run() throws RunnerException {
        return new Runner(builder.build()).run();
    }

    private static List<String> flags() {
        // What JMH does with Unsafe is its own affair; the JVM need not warn of it in every process.
        return Jvm.current()
                .with(Jvm.version() >= 24 ? List.of("--sun-misc-unsafe-memory-access=allow") : List.of())
                .flags();
    }
}

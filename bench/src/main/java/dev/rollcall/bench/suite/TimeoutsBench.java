package dev.rollcall.bench.suite;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.Options;
import dev.rollcall.bench.load.Until;
import dev.rollcall.bench.report.Figures;
import dev.rollcall.bench.report.Latencies;
import dev.rollcall.bench.report.Table;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How late the embedded engine says that somebody's time is over, on the real clock and with the server's ticker. */
final class TimeoutsBench implements Bench {
    private static final int CHANNELS = 10_000;
    /** On a slow and busy machine. */
    private static final int LEASES_MADE_IN_A_SECOND = 50_000;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    @Override
    public String name() {
        return "timeouts";
    }

    @Override
    public String summary() {
        return "lateness of timeouts on the real clock: p50, p99, max, and how many came early";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("leases", 100_000, "leases that end"),
                new Option("spread", 10, "seconds over which their ends are spread"),
                new Option("timeout", 5, "seconds that each lease lasts"));
    }

    @Override
    public void run(BenchRun run) throws Exception {
        Options options = run.options();
        int leases = options.number("leases", 1);
        int timeout = options.number("timeout", 1);
        Duration spread = Duration.ofSeconds(options.number("spread", 1));
        Table table = new Table(
                "Lateness of " + Figures.count(leases) + " timeouts in " + Figures.count(CHANNELS)
                        + " channels, milliseconds; the engine is advanced every 10 ms",
                "ends of leases",
                "timeouts",
                "early",
                "earliest",
                "p50",
                "p99",
                "p99.9",
                "max");
        run.progress("spread");
        row(table, "spread over " + spread.toSeconds() + " s", new LeaseClock(leases, CHANNELS), clock -> {
            clock.joinOver(spread, timeout);
        });
        run.progress("herd");
        int longer = timeout + leases / LEASES_MADE_IN_A_SECOND;
        row(table, "all at one moment", new LeaseClock(leases, CHANNELS), clock -> clock.joinAtOnce(longer));
        table.note(
                "early: before the time that the client asked for had passed since it asked. Target with 1,000,000 leases: none"
                        + " early, p99 at most 100 ms.");
        table.note(
                "The herd cannot be on time: with more ends in one moment than the engine ends in 10 ms, the rest waits.");
        run.print(table);
    }

    private interface Joins {
        void on(LeaseClock clock) throws InterruptedException;
    }

    private static void row(Table table, String name, LeaseClock clock, Joins joins) throws InterruptedException {
        try (clock) {
            joins.on(clock);
            if (!Until.holds(clock::isOver, PATIENCE)) {
                table.note(name + ": not all leases ended within " + PATIENCE.toSeconds() + " s");
            }
            Latencies late = clock.lateness();
            table.row(
                    name,
                    Figures.count(clock.ended()),
                    Figures.count(clock.early()),
                    String.format(Locale.ROOT, "%.2f", (double) clock.earliestNanos() / MILLI),
                    Figures.millis(late.quantile(0.5)),
                    Figures.millis(late.quantile(0.99)),
                    Figures.millis(late.quantile(0.999)),
                    Figures.millis(late.max()));
        }
    }
}

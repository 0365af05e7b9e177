package dev.rollcall.bench.suite;

import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.load.LoadLoops;
import dev.rollcall.bench.load.PollSession;
import dev.rollcall.bench.load.RequestMeter;
import dev.rollcall.bench.process.ServerProcess;
import dev.rollcall.bench.process.Servers;
import dev.rollcall.bench.report.Figures;
import dev.rollcall.bench.report.Rounds;
import dev.rollcall.bench.report.Table;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The same kind of request to several servers in turns, in a closed loop. */
final class RequestContest {
    private static final Duration WARM_UP = Duration.ofMillis(500);
    private static final Duration FIRST_WARM_UP = Duration.ofSeconds(4);
    /** So many that the JVM has compiled what there is to compile. */
    private static final long FIRST_REQUESTS = 60_000;

    private static final String CPU = "cpu";
    private static final String RATE = "rate";
    private static final String P50 = "p50";
    private static final String P99 = "p99";
    private static final String ERRORS = "errors";

    private final LoadLoops loops;
    private final int connections;
    private final Duration time;
    private final Rounds rounds = new Rounds();

    RequestContest(LoadLoops loops, int connections, Duration time) {
        this.loops = loops;
        this.connections = connections;
        this.time = time;
    }

    /** Adds a server. */
    RequestContest add(String name, ServerProcess server, RequestMeter.Source source) {
        return add(name, server, source, () -> () -> {});
    }

    /** Something else that goes on during each turn. */
    @FunctionalInterface
    interface Meanwhile {
        AutoCloseable begin() throws Exception;
    }

    /** Adds a server and what else goes on there. */
    RequestContest add(String name, ServerProcess server, RequestMeter.Source source, Meanwhile meanwhile) {
        return add(name, server, source, meanwhile, null);
    }

    /** Adds a server whose connections are opened by sessions. */
    RequestContest add(String name, ServerProcess server, RequestMeter.Source source, PollSession.Maker opening) {
        return add(name, server, source, () -> () -> {}, opening);
    }

    private RequestContest add(
            String name,
            ServerProcess server,
            RequestMeter.Source source,
            Meanwhile meanwhile,
            PollSession.@Nullable Maker opening) {
        AtomicBoolean used = new AtomicBoolean();
        rounds.add(name, () -> {
            boolean isWarm = used.getAndSet(true);
            Duration warmUp = isWarm ? WARM_UP : FIRST_WARM_UP;
            AutoCloseable other = meanwhile.begin();
            try (RequestMeter meter = new RequestMeter(loops, server.address(), connections, source, opening)) {
                RequestMeter.Result result = meter.measure(warmUp, isWarm ? 0 : FIRST_REQUESTS, time, server::cpuNanos);
                return Map.of(
                        CPU, result.cpuNanosEach(),
                        RATE, result.perSecond(),
                        P50, result.latencies().quantile(0.5),
                        P99, result.latencies().quantile(0.99),
                        ERRORS, (double) result.errors());
            } finally {
                other.close();
            }
        });
        return this;
    }

    RequestContest run(int count, BenchRun run) throws Exception {
        rounds.run(count, run::progress);
        return this;
    }

    /** Makes a table for the rows of contests with a bare server. */
    static Table table(String title) {
        return table(title, Servers.BARE);
    }

    /** Makes a table for the rows of contests with {@code baseline}. */
    static Table table(String title, String baseline) {
        return new Table(
                title, "server", "CPU µs a request", "x " + baseline, "requests/s", "p50 µs", "p99 µs", "not 200");
    }

    /** Adds a row for each server; the ratio is to {@code baseline}. */
    void addTo(Table table, String baseline) {
        addTo(table, "", baseline);
    }

    /** Adds a row for each server, its name behind {@code label}. */
    void addTo(Table table, String label, String baseline) {
        for (String name : rounds.names()) {
            table.row(
                    label + name,
                    rounds.series(name, CPU).text(Figures::micros),
                    name.equals(baseline)
                            ? "1"
                            : rounds.ratio(name, baseline, CPU).text(Figures::ratio),
                    Figures.count(rounds.series(name, RATE).median()),
                    Figures.micros(rounds.series(name, P50).median()),
                    Figures.micros(rounds.series(name, P99).median()),
                    Figures.count(rounds.series(name, ERRORS).max()));
        }
    }
}

package dev.rollcall.bench.suite;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.Options;
import dev.rollcall.bench.load.HttpCaller;
import dev.rollcall.bench.load.PacedCalls;
import dev.rollcall.bench.load.Requests;
import dev.rollcall.bench.load.Until;
import dev.rollcall.bench.process.Jvm;
import dev.rollcall.bench.process.ServerProcess;
import dev.rollcall.bench.process.Servers;
import dev.rollcall.bench.report.Figures;
import dev.rollcall.bench.report.Latencies;
import dev.rollcall.bench.report.Rounds;
import dev.rollcall.bench.report.Table;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What operators who look at a server cost those it serves: a million occupants looked through, and the stream of events read or not. */
final class OperatorsBench implements Bench {
    private static final String P50 = "p50";
    private static final String P99 = "p99";
    private static final String ANSWER = "answer";
    private static final double PROBES_PER_SECOND = 1000;
    private static final String ADMIN = "/admin/v1/keysets/" + Requests.KEY;
    private static final String NOTHING = "nothing";
    private static final String EVENTS = "events";

    /** Channels that one user is in, so that a heartbeat brings as many occupants. */
    private static final int CHANNELS_AT_ONCE = 100;

    private static final Duration WARM_UP = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "operators";
    }

    @Override
    public String summary() {
        return "latency of others' heartbeats while operators look through a million occupants, and read the stream of events";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("occupants", 1_000_000, "occupants in all"),
                new Option("channels", 10_000, "channels they are in"),
                new Option("events", 2000, "joins and leaves a second while the stream is looked at"),
                Option.rounds(3),
                Option.seconds(4),
                Option.serverOptions());
    }

    @Override
    public void run(BenchRun run) throws Exception {
        Options options = run.options();
        int channels = options.number("channels", CHANNELS_AT_ONCE);
        int occupants = options.number("occupants", channels);
        int events = options.number("events", 1);
        Duration time = Duration.ofSeconds(options.number("seconds", 1));
        Jvm jvm = Jvm.current().with(options.words("server-opts"));
        try (ServerProcess server = Servers.rollcall(jvm)) {
            run.progress(Figures.count(occupants) + " occupants join");
            fill(server, occupants, channels);
            Rounds rounds = new Rounds();
            Probe probe = new Probe(server, time);
            rounds.add(
                    NOTHING,
                    () -> probe.during(deadline -> {
                        Until.passed(time);
                        return new Latencies();
                    }));
            looks().forEach((label, target) ->
                    rounds.add(label, () -> probe.during(deadline -> ask(server, target, deadline))));
            rounds.add(EVENTS, () -> probe.during(deadline -> churn(server, events, time, () -> () -> {})));
            rounds.add(
                    EVENTS + ", a reader",
                    () -> probe.during(deadline -> churn(server, events, time, () -> new Reader(server, true))));
            rounds.add(
                    EVENTS + ", a reader that stops",
                    () -> probe.during(deadline -> churn(server, events, time, () -> new Reader(server, false))));
            rounds.warmUp(run::progress).run(options.number("rounds", 1), run::progress);
            Table table = new Table(
                    "Heartbeats of others, " + Figures.count(PROBES_PER_SECOND) + " a second, while "
                            + Figures.count(occupants) + " occupants are in " + Figures.count(channels)
                            + " channels; milliseconds, median (min..max) of the rounds",
                    "meanwhile",
                    P50,
                    P99,
                    "the answer, median");
            for (String name : rounds.names()) {
                double answer = rounds.series(name, ANSWER).median();
                table.row(
                        name.equals(EVENTS) || name.startsWith(EVENTS + ",")
                                ? name.replace(EVENTS, Figures.count(events) + " events a second")
                                : name,
                        rounds.series(name, P50).text(Figures::millis),
                        rounds.series(name, P99).text(Figures::millis),
                        answer == 0 ? "" : Figures.millis(answer));
            }
            table.note(
                    "One operator asks again as soon as there is an answer. Target: p99 at most 5 ms more than meanwhile nothing.");
            run.print(table);
        }
    }

    private static Map<String, String> looks() {
        return new TreeMap<>(Map.of(
                "top channels by occupancy", ADMIN + "/channels?sort=occupancy&limit=50",
                "users by the beginning of their ids", ADMIN + "/users?prefix=5eed&limit=50",
                "a user that is not there", ADMIN + "/users?prefix=nobody&limit=50",
                "a page of one channel", ADMIN + "/channels/c77/occupants?limit=100",
                "global here-now", "client"));
    }

    private static void fill(ServerProcess server, int occupants, int channels) throws IOException {
        try (HttpCaller caller = new HttpCaller(server.address())) {
            for (int user = 0; user < occupants / CHANNELS_AT_ONCE; user++) {
                int first = user * CHANNELS_AT_ONCE % channels;
                String names = IntStream.range(first, first + CHANNELS_AT_ONCE)
                        .mapToObj(i -> "c" + i % channels)
                        .collect(Collectors.joining(","));
                caller.require(Requests.heartbeat(names, Requests.user(user)));
            }
        }
    }

    /** Asks again and again, and returns how long the answers took. */
    private static Latencies ask(ServerProcess server, String target, long deadline) throws IOException {
        boolean isClient = target.equals("client");
        byte[] request = Requests.get(isClient ? "/v2/presence/sub-key/" + Requests.KEY + "?disable_uuids=1" : target);
        Latencies answers = new Latencies();
        try (HttpCaller caller = new HttpCaller(isClient ? server.address() : server.adminAddress())) {
            while (System.nanoTime() - deadline < 0) {
                long begin = System.nanoTime();
                caller.require(request);
                answers.record(System.nanoTime() - begin);
            }
        }
        return answers;
    }

    private interface Opening {
        Closeable open() throws IOException;
    }

    private static Latencies churn(ServerProcess server, int events, Duration time, Opening reader) throws Exception {
        try (Closeable open = reader.open();
                PacedCalls calls = PacedCalls.churn(server.address(), events, "busy")) {
            Until.passed(time);
            calls.stop();
            if (open instanceof Reader consumer) {
                consumer.require();
            }
        }
        return new Latencies();
    }

    private interface Work {
        Latencies until(long deadline) throws Exception;
    }

    /** The heartbeats of somebody else. */
    private record Probe(ServerProcess server, Duration time) {
        Map<String, Double> during(Work work) throws Exception {
            byte[] heartbeat = Requests.heartbeat("elsewhere", Requests.user(888_888_888));
            try (PacedCalls calls = new PacedCalls(server.address(), PROBES_PER_SECOND, number -> heartbeat)) {
                Until.passed(WARM_UP);
                calls.reset();
                Latencies answers = work.until(System.nanoTime() + time.toNanos());
                Latencies latencies = calls.stop();
                return Map.of(
                        P50, latencies.quantile(0.5),
                        P99, latencies.quantile(0.99),
                        ANSWER, answers.count() == 0 ? 0 : answers.quantile(0.5));
            }
        }
    }

    /** Somebody who reads the stream of events, or opens it and reads no more. */
    private static final class Reader implements Closeable {
        private final Socket socket = new Socket();
        private final Thread thread;
        private final AtomicLong bytes = new AtomicLong();

        Reader(ServerProcess server, boolean reads) throws IOException {
            socket.connect(server.adminAddress());
            socket.getOutputStream().write(Requests.get("/admin/v1/events"));
            InputStream in = socket.getInputStream();
            if (in.read() < 0) {
                throw new EOFException("the stream of events ended (expected: an answer)");
            }
            thread = new Thread(() -> drain(in), "bench-events");
            thread.setDaemon(true);
            if (reads) {
                thread.start();
            } else {
                bytes.set(1);
            }
        }

        private void drain(InputStream in) {
            byte[] buffer = new byte[64 * 1024];
            try {
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    bytes.addAndGet(length);
                }
            } catch (IOException e) {
                // Closed, as this is.
            }
        }

        /** Fails if nothing was heard. */
        void require() {
            if (bytes.get() == 0) {
                throw new IllegalStateException("the reader of events heard nothing (expected: joins and leaves)");
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}

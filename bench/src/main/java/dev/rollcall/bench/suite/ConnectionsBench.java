package dev.rollcall.bench.suite;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.Options;
import dev.rollcall.bench.load.LoadLoops;
import dev.rollcall.bench.load.PollFleet;
import dev.rollcall.bench.load.PollSession;
import dev.rollcall.bench.load.Requests;
import dev.rollcall.bench.load.SubscribeSession;
import dev.rollcall.bench.load.Until;
import dev.rollcall.bench.process.Jvm;
import dev.rollcall.bench.process.ServerProcess;
import dev.rollcall.bench.process.Servers;
import dev.rollcall.bench.report.Figures;
import dev.rollcall.bench.report.Rounds;
import dev.rollcall.bench.report.Series;
import dev.rollcall.bench.report.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.IntFunction;

/** Resident memory of polls that wait. */
final class ConnectionsBench implements Bench {
    private static final int WARM_UP_CLIENTS = 3000;
    private static final Duration SETTLE = Duration.ofSeconds(2);
    private static final String RAW = "raw ";
    private static final String COLLECTED = "collected ";
    private static final String HEAP = "heap ";
    private static final String DROPPED = "dropped ";
    private static final SubscribeSession.Reader UNREAD = (client, connection, answer) -> {};

    /** Starts a server anew: memory once touched is never quite given back. */
    private interface Start {
        ServerProcess start() throws IOException, InterruptedException;
    }

    @Override
    public String name() {
        return "connections";
    }

    @Override
    public String summary() {
        return "10,000 and 18,000 parked polls, each with its presence: resident memory a connection";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("clients", "10000,18000", "clients that wait, in rising order"),
                new Option("room", 100, "clients of each channel"),
                Option.rounds(5),
                Option.peers(Peers.ALL),
                Option.serverOptions());
    }

    @Override
    public void run(BenchRun run) throws Exception {
        Options options = run.options();
        Jvm jvm = Jvm.current().with(options.words("server-opts"));
        List<Integer> steps = options.numbers("clients").stream()
                .map(count -> Math.min(count, PollFleet.most()))
                .distinct()
                .toList();
        int room = options.number("room", 1);
        Table table = new Table(
                "Resident memory of parked polls, KB a connection; median (min..max) of the rounds",
                "server",
                "as it stands",
                "after a collection",
                "x bare Netty",
                "of that live heap",
                "dropped");
        Rounds rounds = new Rounds();
        try (LoadLoops loops = new LoadLoops(1)) {
            byte[] event = Requests.get("/");
            add(rounds, Servers.BARE, () -> Servers.bareParking(jvm, event), loops, jvm, steps, present(room));
            add(
                    rounds,
                    Servers.ROLLCALL,
                    () -> Servers.rollcall(jvm, Audience.QUIET),
                    loops,
                    jvm,
                    steps,
                    present(room));
            for (String peer : options.list(Option.PEERS)) {
                try {
                    Peers.start(peer, jvm, run).close();
                } catch (IOException e) {
                    table.note(Peers.leftOut(peer, e));
                    continue;
                }
                PollSession.Maker sessions = Peers.sessions(peer);
                Start start = () -> Peers.start(peer, jvm, run);
                add(rounds, peer, start, loops, jvm, steps, client -> sessions.session(client, UNREAD));
            }
            rounds.run(options.number("rounds", 1), run::progress);
        }
        for (int clients : steps) {
            rounds.names().forEach(name -> row(table, rounds, name, clients));
        }
        if (options.numbers("clients").stream().anyMatch(count -> count > PollFleet.most())) {
            table.note(PollFleet.limit());
        }
        table.note("The growth of the process from a server that has held " + WARM_UP_CLIENTS
                + " polls and let them go; at default settings of the JVM but for the flags above.");
        table.note("On Rollcall every client is present in a channel of " + room
                + " and watches its presence. Target: at most 4 KB.");
        run.print(table);
    }

    private static void row(Table table, Rounds rounds, String name, int clients) {
        Series heap = rounds.series(name, HEAP + clients);
        table.row(
                Figures.count(clients) + ", " + name,
                rounds.series(name, RAW + clients).text(Figures::kilobytes),
                rounds.series(name, COLLECTED + clients).text(Figures::kilobytes),
                name.equals(Servers.BARE)
                        ? "1"
                        : rounds.ratio(name, Servers.BARE, COLLECTED + clients).text(Figures::ratio),
                Double.isNaN(heap.median()) ? "-" : heap.text(Figures::kilobytes),
                Figures.count(rounds.series(name, DROPPED + clients).max()));
    }

    /** Returns the sessions of clients who are present and watch. */
    static IntFunction<PollSession> present(int room) {
        return client -> {
            String channel = "room-" + client / room;
            return new SubscribeSession(client, channel + ',' + channel + "-pnpres", Requests.user(client), UNREAD);
        };
    }

    private static void add(
            Rounds rounds,
            String name,
            Start start,
            LoadLoops loops,
            Jvm jvm,
            List<Integer> steps,
            IntFunction<PollSession> session) {
        rounds.add(name, () -> {
            try (ServerProcess server = start.start()) {
                try (PollFleet warmUp = new PollFleet(loops)) {
                    warmUp.open(server.address(), WARM_UP_CLIENTS, session);
                }
                return measure(server, loops, jvm, steps, session);
            }
        });
    }

    private static Map<String, Double> measure(
            ServerProcess server, LoadLoops loops, Jvm jvm, List<Integer> steps, IntFunction<PollSession> session)
            throws IOException, InterruptedException {
        long before = collected(server, jvm);
        double heapBefore = heap(server, jvm);
        Map<String, Double> figures = new HashMap<>();
        try (PollFleet fleet = new PollFleet(loops)) {
            for (int clients : steps) {
                int open = fleet.open(server.address(), clients, session);
                if (open < clients) {
                    throw new IOException("clients: " + open + " (expected: " + clients + ")", fleet.failure());
                }
                Until.passed(SETTLE);
                figures.put(RAW + clients, (double) (server.residentBytes() - before) / clients);
                figures.put(COLLECTED + clients, (double) (collected(server, jvm) - before) / clients);
                figures.put(HEAP + clients, (heap(server, jvm) - heapBefore) / clients);
                figures.put(DROPPED + clients, (double) fleet.dropped());
            }
        }
        return figures;
    }

    private static long collected(ServerProcess server, Jvm jvm) throws IOException, InterruptedException {
        server.collectGarbage(jvm);
        Until.passed(SETTLE);
        return server.residentBytes();
    }

    /** Returns the heap in use right after a collection; not a number for what is not Java. */
    private static double heap(ServerProcess server, Jvm jvm) throws IOException, InterruptedException {
        server.collectGarbage(jvm);
        OptionalLong bytes = server.heapBytes(jvm);
        return bytes.isPresent() ? bytes.getAsLong() : Double.NaN;
    }
}

package dev.rollcall.bench.suite;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.Options;
import dev.rollcall.bench.load.LoadLoops;
import dev.rollcall.bench.load.PollFleet;
import dev.rollcall.bench.process.Jvm;
import dev.rollcall.bench.process.ServerProcess;
import dev.rollcall.bench.process.Servers;
import dev.rollcall.bench.report.Figures;
import dev.rollcall.bench.report.Rounds;
import dev.rollcall.bench.report.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One presence event to many polls that wait and poll again. */
final class FanoutBench implements Bench {
    @Override
    public String name() {
        return "fanout";
    }

    @Override
    public String summary() {
        return "one presence event to 1,000 and 10,000 polls that poll again: server CPU a delivery, latency, losses";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("clients", "1000,10000", "clients that wait for events"),
                new Option("deliveries", 60_000, "deliveries measured in each turn"),
                Option.rounds(5),
                Option.peers(Peers.ALL),
                Option.serverOptions());
    }

    @Override
    public void run(BenchRun run) throws Exception {
        Options options = run.options();
        Jvm jvm = Jvm.current().with(options.words("server-opts"));
        Table table = new Table(
                "One presence event to all clients, each of which then polls again; median (min..max) of the rounds",
                "server",
                "CPU µs a delivery",
                "x bare Netty",
                "deliveries/s",
                "p50 ms",
                "p99 ms",
                "max ms",
                "lost",
                "twice");
        try (LoadLoops loops = new LoadLoops(1);
                ServerProcess rollcall = Servers.rollcall(jvm, Audience.QUIET);
                ServerProcess bare = Servers.bareParking(jvm, Audience.sample(rollcall));
                Peers peers = new Peers(run, jvm)) {
            Events bareEvents = Audience.bare(bare);
            Events rollcallEvents = Audience.rollcall(rollcall);
            Map<String, Events> peerEvents = new LinkedHashMap<>();
            peers.running().forEach(peer -> peerEvents.put(peer.name(), Peers.events(peer)));
            for (int wanted : options.numbers("clients")) {
                int clients = Math.min(wanted, PollFleet.most());
                if (clients < wanted) {
                    table.note(PollFleet.limit());
                }
                int count = Math.max(3, options.number("deliveries", 1) / clients);
                int warmUps = Math.max(2, count / 5);
                Rounds rounds = new Rounds();
                rounds.add(Servers.BARE, () -> bareEvents.fanOut(loops, clients, warmUps, count));
                rounds.add(Servers.ROLLCALL, () -> rollcallEvents.fanOut(loops, clients, warmUps, count));
                peerEvents.forEach((name, events) -> {
                    rounds.add(name, () -> events.fanOut(loops, clients, warmUps, count));
                });
                run.progress(clients + " clients, " + count + " events a turn");
                rounds.warmUp(run::progress).run(options.number("rounds", 1), run::progress);
                rows(table, clients, rounds);
            }
            peers.note(table);
        }
        table.note(
                "bare Netty holds the polls and answers with the same bytes. On Rollcall every client is present in the channel, so"
                        + " each poll and each answer also renews a lease. Target: at most 1.15 x, none lost, none twice.");
        run.print(table);
    }

    private static void rows(Table table, int clients, Rounds rounds) {
        for (String name : rounds.names()) {
            table.row(
                    Figures.count(clients) + ", " + name,
                    rounds.series(name, Events.CPU).text(Figures::micros),
                    name.equals(Servers.BARE)
                            ? "1"
                            : rounds.ratio(name, Servers.BARE, Events.CPU).text(Figures::ratio),
                    Figures.count(rounds.series(name, Events.RATE).median()),
                    Figures.millis(rounds.series(name, Events.P50).median()),
                    Figures.millis(rounds.series(name, Events.P99).median()),
                    Figures.millis(rounds.series(name, Events.MAX).max()),
                    Figures.count(rounds.series(name, Events.LOST).max()),
                    Figures.count(rounds.series(name, Events.TWICE).max()));
        }
    }
}

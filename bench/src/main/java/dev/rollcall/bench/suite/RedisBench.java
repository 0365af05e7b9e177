package dev.rollcall.bench.suite;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.load.HttpCaller;
import dev.rollcall.bench.load.Requests;
import dev.rollcall.bench.process.Jvm;
import dev.rollcall.bench.process.ServerProcess;
import dev.rollcall.bench.process.Servers;
import dev.rollcall.bench.report.Figures;
import dev.rollcall.bench.report.Latencies;
import dev.rollcall.bench.report.Table;
import dev.rollcall.engine.redis.RedisServer;
import java.util.List;
import java.util.Locale;

/** What presence costs Redis, and how soon one node hears of what happens on another. */
final class RedisBench implements Bench {
    private static final int FEW = 10;
    private static final int MOST_ALONE = 100_000;

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public String summary() {
        return "on Redis: heartbeats a second of its core beside the bare script, bytes an occupant, join to event over two nodes";
    }

    @Override
    public List<Option> options() {
        return List.of(
                Option.rounds(3),
                new Option("calls", 200_000, "heartbeats of each turn"),
                new Option("occupants", 100_000, "occupants of the large channel"),
                new Option("joins", 2000, "joins that are timed"),
                Option.serverOptions());
    }

    @Override
    public void run(BenchRun run) throws Exception {
        int rounds = run.options().number("rounds", 1);
        int calls = run.options().number("calls", 1);
        int occupants = run.options().number("occupants", 1);
        try (RedisServer redis = RedisServer.open();
                RedisLoad load = new RedisLoad(redis)) {
            run.progress("occupants");
            run.say("bytes an occupant in Redis: " + load.bytesEach(occupants)
                    + " (36-character user ids, 1,000 in a channel, no state, with the user's own list of channels)");
            run.say(
                    "bytes of somebody alone in a channel: " + load.bytesAlone(Math.min(occupants, MOST_ALONE))
                            + " (42-character names of channels, with the event of their join, which is kept for twenty minutes)");
            load.fill("crowd", occupants);
            load.fill("few", FEW);
            Table table = new Table(
                    "Heartbeats of somebody present, " + Figures.count(calls) + " a turn, a second of Redis CPU",
                    "round",
                    "among " + FEW,
                    "among " + Figures.count(occupants),
                    "bare script, pipelined",
                    "ratio");
            for (int round = 1; round <= rounds; round++) {
                run.progress("round " + round);
                double few = load.rate("few", FEW, calls);
                double crowd = load.rate("crowd", occupants, calls);
                double bare = load.bareRate("crowd", occupants, calls);
                table.row(
                        Integer.toString(round),
                        Figures.count(few),
                        Figures.count(crowd),
                        Figures.count(bare),
                        Figures.ratio(crowd / bare));
            }
            table.note(
                    "bare script: EVALSHA of renew.lua on the large channel, nothing else. Target: a ratio of at least 0.7.");
            run.print(table);
        }
        run.progress("two nodes");
        latency(
                run,
                Jvm.current().with(run.options().words("server-opts")),
                run.options().number("joins", 100));
    }

    /** Times joins on one node until a client of the other has the event: the first half warms the servers up. */
    private static void latency(BenchRun run, Jvm jvm, int joins) throws Exception {
        Latencies latencies = new Latencies();
        try (RedisServer redis = RedisServer.open();
                ServerProcess one = Servers.node(jvm, redis.url());
                ServerProcess other = Servers.node(jvm, redis.url());
                HttpCaller joiner = new HttpCaller(one.address());
                HttpCaller watcher = new HttpCaller(other.address())) {
            long cursor = cursor(watcher.require(subscribe(0)).body());
            for (int i = 0; i < 2 * joins; i++) {
                String user = Requests.user(i);
                watcher.send(subscribe(cursor));
                long sent = System.nanoTime();
                joiner.send(Requests.heartbeat("hall", user));
                cursor = cursor(watcher.receive().body());
                if (i >= joins) {
                    latencies.record(System.nanoTime() - sent);
                }
                joiner.receive();
                joiner.require(Requests.leave("hall", user));
                cursor = cursor(watcher.require(subscribe(cursor)).body());
            }
        }
        run.print(new Table(
                        Figures.count(joins)
                                + " joins on one node, to the event at a client of the other, over HTTP, ms",
                        "p50",
                        "p99",
                        "max")
                .row(
                        Figures.millis(latencies.quantile(0.5)),
                        Figures.millis(latencies.quantile(0.99)),
                        Figures.millis(latencies.max())));
    }

    private static byte[] subscribe(long cursor) {
        return Requests.subscribe("hall-pnpres", "watcher", cursor);
    }

    private static long cursor(String body) {
        String start = "{\"t\":{\"t\":\"";
        if (!body.startsWith(start)) {
            throw new IllegalStateException(String.format(Locale.ROOT, "answer: %s (expected: %s…)", body, start));
        }
        return Long.parseLong(body.substring(start.length(), body.indexOf('"', start.length())));
    }
}

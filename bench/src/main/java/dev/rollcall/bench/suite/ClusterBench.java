package dev.rollcall.bench.suite;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.Options;
import dev.rollcall.bench.report.Figures;
import dev.rollcall.bench.report.Latencies;
import dev.rollcall.bench.report.Table;
import dev.rollcall.engine.redis.RedisOptions;
import dev.rollcall.engine.redis.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What very many nodes ask of Redis while news is heard on all of them: how many scripts, fences among them, and what that costs. */
final class ClusterBench implements Bench {
    @Override
    public String name() {
        return "cluster";
    }

    @Override
    public String summary() {
        return "on Redis: scripts, fences and processor time of a hundred nodes that all listen to channels of many partitions";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("nodes", 100, "nodes, in the process of the bench"),
                new Option("partitions", RedisOptions.CLUSTER_PARTITIONS, "partitions, all of them on one Redis"),
                new Option("channels", 64, "channels that the wide poll of each node listens to"),
                new Option("news", "1,10,50", "messages a second, turn after turn"),
                Option.seconds(5));
    }

    @Override
    public void run(BenchRun run) throws Exception {
        Options options = run.options();
        int nodes = options.number("nodes", 1);
        int channels = options.number("channels", 1);
        Duration time = Duration.ofSeconds(options.number("seconds", 1));
        Table table = new Table(
                Figures.count(nodes) + " nodes on one Redis, " + options.number("partitions", 1)
                        + " partitions; each node has one poll",
                "polls over",
                "messages/s",
                "scripts/s",
                "fences/s",
                "Redis CPU",
                "a node's CPU",
                "to all p50 ms",
                "p99 ms");
        try (RedisServer redis = RedisServer.open("--maxclients", "20000");
                NodeFleet fleet = new NodeFleet(redis, nodes, options.number("partitions", 1))) {
            run.progress(nodes + " nodes");
            row(table, "nothing", 0, fleet.measure(0, time));
            for (int width : new int[] {1, channels}) {
                fleet.listen(width);
                for (int news : options.numbers("news")) {
                    run.progress(news + " messages a second to polls over " + width);
                    row(table, width == 1 ? "1 channel" : width + " channels", news, fleet.measure(news, time));
                }
            }
        }
        table.note("scripts: all calls of all nodes; with nothing to hear they are looks for what is due.");
        table.note(
                "CPU: of one processor; a node's is that of the bench over the number of nodes, publisher and clients included.");
        table.note("to all: from the call of publish until a poll of a node has its answer, over all nodes.");
        run.print(table);
    }

    private static void row(Table table, String polls, int news, NodeFleet.Load load) {
        Latencies latencies = load.latencies();
        table.row(
                polls,
                Integer.toString(news),
                Figures.count(load.scripts()),
                Figures.count(load.fences()),
                percent(load.redisCpu()),
                percent(load.nodeCpu()),
                news == 0 ? "-" : Figures.millis(latencies.quantile(0.5)),
                news == 0 ? "-" : Figures.millis(latencies.quantile(0.99)));
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * part);
    }
}

package dev.rollcall.bench.suite;

import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.faults.FaultRun;
import dev.rollcall.bench.faults.Ordeal;
import dev.rollcall.bench.load.Until;
import dev.rollcall.bench.process.Jvm;
import dev.rollcall.bench.report.Figures;
import dev.rollcall.bench.report.Table;
import dev.rollcall.engine.redis.FaultyProxy;
import dev.rollcall.engine.redis.RedisCluster;
import dev.rollcall.engine.redis.RedisServer;
import io.lettuce.core.api.sync.RedisServerCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Random faults for a long time, on one Redis and on three masters, and what is left of it all in Redis. One thread uses it. */
final class FaultsHour {
    private static final int MASTERS = 3;
    private static final long LINE = 20_000_000;

    /** The lease of a watcher, the grace after the longest fault, and what is remembered of a going. */
    private static final Duration FORGOTTEN_WITHIN = Duration.ofMinutes(7);

    /** What stays where nobody is, as the table of keys in {@code docs/cluster.md} says: streams go after twenty minutes,
     * and who went is told for ten. */
    private static final Set<String> MAY_STAY =
            Set.of("last", "events", "messages", "gone", "sweeper", "swept", "grace", "born", "format", "counts");

    private final BenchRun run;
    private final Jvm jvm;
    private final int rooms;
    private final Duration length;
    private final long seed;
    private final Table table;
    private final Table keys = new Table("keys in Redis when everybody has gone", "store", "kind", "keys", "expected");

    FaultsHour(BenchRun run, Jvm jvm, int rooms, Duration length, long seed) {
        this.run = run;
        this.jvm = jvm;
        this.rooms = rooms;
        this.length = length;
        this.seed = seed;
        table = new Table(
                "random faults for " + length.toSeconds() + " s each, seed " + seed,
                "store",
                "faults",
                "messages",
                "lost",
                "twice",
                "deaf",
                "events amiss",
                "rosters amiss",
                "early timeouts",
                "refused",
                "never ready again");
    }

    void onOne() throws Exception {
        try (RedisServer redis = RedisServer.open("--appendonly", "yes", "--appendfsync", "always");
                FaultyProxy proxy = new FaultyProxy(redis.port())) {
            List<Ordeal.Kind> kinds = new ArrayList<>();
            kinds.add(new Ordeal.Kind("kill -9 of Redis", 8, (nodes, lasts) -> {
                redis.kill();
                Until.passed(lasts);
                redis.start();
            }));
            kinds.add(new Ordeal.Kind("SIGSTOP of Redis", 12, (nodes, lasts) -> {
                redis.pause();
                Until.passed(lasts);
                redis.resume();
            }));
            kinds.add(new Ordeal.Kind("all connections cut", 1, (nodes, lasts) -> FaultRun.cutConnections(redis)));
            kinds.add(new Ordeal.Kind("Redis full", 8, (nodes, lasts) -> {
                redis.with(commands -> commands.configSet("maxmemory", "1mb"));
                Until.passed(lasts);
                redis.with(commands -> commands.configSet("maxmemory", "0"));
            }));
            kinds.add(new Ordeal.Kind("Pub/Sub silent", 10, (nodes, lasts) -> {
                proxy.silenceTopics(true);
                Until.passed(lasts);
                proxy.silenceTopics(false);
            }));
            kinds.add(new Ordeal.Kind("everything silent", 6, (nodes, lasts) -> {
                proxy.silence(true);
                Until.passed(lasts);
                proxy.silence(false);
            }));
            kinds.add(new Ordeal.Kind("a line of 20 MB/s", 8, (nodes, lasts) -> {
                proxy.limit(LINE);
                proxy.cut();
                Until.passed(lasts);
                proxy.limit(Long.MAX_VALUE);
            }));
            kinds.add(new Ordeal.Kind(
                    "SIGSTOP of a node", 3, (nodes, lasts) -> Ordeal.pause(nodes.get(nodes.size() - 1), lasts)));
            FaultRun faults = new FaultRun(jvm, proxy.url(), () -> redis.with(RedisServerCommands::flushall), rooms);
            endure("one Redis", faults, kinds, List.of(redis));
        }
    }

    void onMasters() throws Exception {
        try (RedisCluster cluster = RedisCluster.open(0)) {
            List<RedisServer> masters = new ArrayList<>();
            for (int i = 0; i < MASTERS; i++) {
                masters.add(cluster.server(i));
            }
            int[] count = {0, 0};
            List<Ordeal.Kind> kinds = new ArrayList<>();
            kinds.add(new Ordeal.Kind("SIGSTOP of a master", 10, (nodes, lasts) -> {
                RedisServer master = masters.get(count[0]++ % MASTERS);
                master.pause();
                Until.passed(lasts);
                master.resume();
            }));
            kinds.add(new Ordeal.Kind(
                    "connections to a master cut",
                    1,
                    (nodes, lasts) -> FaultRun.cutConnections(masters.get(count[0]++ % MASTERS))));
            kinds.add(new Ordeal.Kind("a master full", 8, (nodes, lasts) -> {
                RedisServer master = masters.get(count[0]++ % MASTERS);
                master.with(commands -> commands.configSet("maxmemory", "1mb"));
                Until.passed(lasts);
                master.with(commands -> commands.configSet("maxmemory", "0"));
            }));
            kinds.add(new Ordeal.Kind("a slot moves", 5, (nodes, lasts) -> {
                // There and back again, so that neither runs out of slots.
                int from = count[1]++ % 2;
                FaultRun.moveSlot(cluster, from, 1 - from, lasts);
            }));
            kinds.add(new Ordeal.Kind(
                    "SIGSTOP of a node", 3, (nodes, lasts) -> Ordeal.pause(nodes.get(nodes.size() - 1), lasts)));
            endure("three masters", new FaultRun(jvm, cluster.url(), cluster::flush, rooms), kinds, masters);
        }
    }

    private void endure(String store, FaultRun faults, List<Ordeal.Kind> kinds, List<RedisServer> servers)
            throws Exception {
        Ordeal ordeal = new Ordeal(kinds, length, seed, run::progress);
        Map<String, Long> left = new TreeMap<>();
        FaultRun.Outcome outcome = faults.suffer(ordeal, () -> {
            run.progress("everybody goes");
            Until.holds(
                    () -> {
                        Until.passed(Duration.ofSeconds(1));
                        left.clear();
                        servers.forEach(server -> Ordeal.countKeys(server, left));
                        return MAY_STAY.containsAll(left.keySet());
                    },
                    FORGOTTEN_WITHIN);
        });
        table.row(
                store,
                Figures.count(ordeal.happened().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum()),
                Figures.count(outcome.messages()),
                Figures.count(outcome.lost()),
                Figures.count(outcome.twice()),
                Figures.count(outcome.deaf()),
                Figures.count(outcome.eventsAmiss()),
                Figures.count(outcome.rostersAmiss()),
                Figures.count(outcome.early()),
                Figures.count(outcome.refused()),
                Figures.count(ordeal.notReady()));
        table.note(store + ": " + ordeal.happened());
        left.forEach(
                (kind, number) -> keys.row(store, kind, Figures.count(number), MAY_STAY.contains(kind) ? "yes" : "NO"));
    }

    void print() {
        table.note("deaf: watchers who did not hear the last message within a minute.");
        table.note("never ready again: how often /ready was not green half a minute after a fault was over.");
        run.print(table);
        run.print(keys);
    }
}

package dev.rollcall.bench.suite;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.faults.FaultRun;
import dev.rollcall.bench.process.Jvm;
import dev.rollcall.bench.report.Figures;
import dev.rollcall.bench.report.Table;
import dev.rollcall.engine.redis.FaultyProxy;
import dev.rollcall.engine.redis.RedisCluster;
import dev.rollcall.engine.redis.RedisServer;
import io.lettuce.core.api.sync.RedisServerCommands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;

/** Two nodes on Redis, with clients that talk to both, while a node is killed or Redis is away. */
final class FaultsBench implements Bench {
    private static final Duration RESTART = Duration.ofSeconds(7);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration LONG_OUTAGE = Duration.ofSeconds(34);
    private static final long LINE = 20_000_000;
    private static final int CUTS = 10;

    @Override
    public String name() {
        return "faults";
    }

    @Override
    public String summary() {
        return "two nodes on Redis while one is killed, Redis goes away or fails over: who notices, and of what";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("rooms", 20, "rooms of eight users each"),
                new Option(
                        "store", "all", "single for one Redis, cluster for three masters with a replica each, or all"),
                new Option("for", "", "random faults for so long on each store instead, such as 60m or 300s"),
                new Option("seed", 0, "which random faults; 0 for those of this moment"),
                Option.serverOptions());
    }

    @Override
    public void run(BenchRun run) throws Exception {
        int rooms = run.options().number("rooms", 1);
        Jvm jvm = Jvm.current().with(run.options().words("server-opts"));
        Table table = new Table(
                Figures.count(rooms * 8L) + " users in " + Figures.count(rooms)
                        + " rooms, a heartbeat a second each, lease "
                        + "5 s; four watchers of everything; two nodes on Redis",
                "what happens",
                "messages",
                "lost",
                "twice",
                "events amiss",
                "rosters amiss",
                "early timeouts",
                "timeouts of roamers",
                "of loners",
                "earliest ms",
                "latest ms",
                "refused",
                "for ms after");
        String store = run.options().text("store");
        if (!run.options().text("for").isEmpty()) {
            long seed = run.options().number("seed", 0);
            FaultsHour hour = new FaultsHour(
                    run,
                    jvm,
                    rooms,
                    length(run.options().text("for")),
                    seed == 0 ? System.currentTimeMillis() % 1_000_000_000 : seed);
            if (!store.equals("cluster")) {
                hour.onOne();
            }
            if (!store.equals("single")) {
                hour.onMasters();
            }
            hour.print();
            return;
        }
        if (!store.equals("cluster")) {
            single(run, table, jvm, rooms);
        }
        if (!store.equals("single")) {
            cluster(run, table, jvm, rooms);
        }
        table.note("lost, twice: of the messages whose publisher was told they are published, over all watchers.");
        table.note(
                "events amiss: a join or departure out of turn, an occupancy that is not that of the roster, wrong order.");
        table.note("rosters amiss: rooms whose here-now, on a node that lives, is not what the events say.");
        table.note("early timeouts: of anybody whose last answered heartbeat was sent less than a lease before.");
        table.note("A roamer who is timed out, and not early, was late: the load had no processor.");
        table.note(
                "loners talk to the first node alone, roamers to either; earliest, latest: after the end of the lease.");
        table.note(
                "for ms after: how long after the cause was gone requests were refused; where a node stays dead, for good.");
        run.print(table);
    }

    private static Duration length(String text) {
        try {
            Duration length = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
            if (length.compareTo(Duration.ZERO) > 0) {
                return length;
            }
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("--for: " + text + " (expected: a time such as 60m or 300s)", e);
        }
        throw new IllegalArgumentException("--for: " + text + " (expected: more than 0)");
    }

    private static void single(BenchRun run, Table table, Jvm jvm, int rooms) throws Exception {
        try (RedisServer redis = RedisServer.open("--appendonly", "yes", "--appendfsync", "always")) {
            FaultRun faults = new FaultRun(jvm, redis.url(), () -> redis.with(RedisServerCommands::flushall), rooms);
            row(run, table, faults, "nothing", nodes -> {});
            row(run, table, faults, "kill -9 of a node", nodes -> nodes.get(0).kill());
            row(run, table, faults, "kill -9 of Redis, back after 7 s", nodes -> {
                redis.kill();
                FaultRun.wait(RESTART);
                redis.start();
            });
            row(run, table, faults, "SIGSTOP of Redis for 10 s", nodes -> {
                redis.pause();
                FaultRun.wait(PAUSE);
                redis.resume();
            });
            row(run, table, faults, "all connections to Redis cut, 10 times", nodes -> {
                for (int i = 0; i < CUTS; i++) {
                    FaultRun.cutConnections(redis);
                    FaultRun.wait(Duration.ofMillis(500));
                }
            });
            row(run, table, faults, "kill -9 of Redis, back after 34 s", nodes -> {
                redis.kill();
                FaultRun.wait(LONG_OUTAGE);
                redis.start();
            });
            row(run, table, faults, "Redis full for 10 s", nodes -> {
                redis.with(commands -> commands.configSet("maxmemory", "1mb"));
                FaultRun.wait(PAUSE);
                redis.with(commands -> commands.configSet("maxmemory", "0"));
            });
            try (FaultyProxy proxy = new FaultyProxy(redis.port())) {
                FaultRun behind =
                        new FaultRun(jvm, proxy.url(), () -> redis.with(RedisServerCommands::flushall), rooms);
                row(run, table, behind, "Pub/Sub silent for 10 s, connections open", nodes -> {
                    proxy.silenceTopics(true);
                    FaultRun.wait(PAUSE);
                    proxy.silenceTopics(false);
                });
                row(run, table, behind, "a line of 20 MB/s, all connections cut", nodes -> {
                    proxy.limit(LINE);
                    proxy.cut();
                    FaultRun.wait(PAUSE);
                    proxy.limit(Long.MAX_VALUE);
                });
            }
        }
        sentinel(run, table, jvm, rooms);
    }

    /** The master stands still with its sockets open, and a replica is made master. */
    private static void sentinel(BenchRun run, Table table, Jvm jvm, int rooms) throws Exception {
        Path configuration = Files.createTempFile("rollcall-sentinel", ".conf");
        try (RedisServer master = RedisServer.open("--repl-diskless-sync-delay", "0");
                RedisServer replica = RedisServer.open("--replicaof", "127.0.0.1", Integer.toString(master.port()))) {
            Files.writeString(
                    configuration,
                    "sentinel monitor main 127.0.0.1 " + master.port() + " 1\n"
                            + "sentinel down-after-milliseconds main 2000\nsentinel failover-timeout main 10000\n");
            replica.awaitMaster();
            try (RedisServer sentinel = RedisServer.openSentinel(configuration)) {
                sentinel.awaitReplicas(1);
                String url = "redis-sentinel://127.0.0.1:" + sentinel.port() + "/0#main";
                FaultRun faults = new FaultRun(jvm, url, () -> master.with(RedisServerCommands::flushall), rooms);
                row(run, table, faults, "SIGSTOP of the master, Sentinel promotes the replica", nodes -> {
                    master.pause();
                    replica.awaitPromotion();
                });
                master.resume();
            }
        } finally {
            Files.deleteIfExists(configuration);
        }
    }

    private static void cluster(BenchRun run, Table table, Jvm jvm, int rooms) throws Exception {
        // A cluster for each: after a failover it is not the one it was.
        try (RedisCluster cluster = RedisCluster.open(1)) {
            row(run, table, on(jvm, cluster, rooms), "three masters, nothing", nodes -> {});
        }
        try (RedisCluster cluster = RedisCluster.open(1)) {
            row(run, table, on(jvm, cluster, rooms), "three masters, kill -9 of one, a replica takes over", nodes -> {
                cluster.server(0).kill();
                cluster.awaitFailover();
            });
        }
        try (RedisCluster cluster = RedisCluster.open(1)) {
            // Its sockets stay open.
            row(run, table, on(jvm, cluster, rooms), "three masters, SIGSTOP of one, a replica takes over", nodes -> {
                cluster.server(0).pause();
                cluster.awaitFailover();
            });
            cluster.server(0).resume();
        }
        try (RedisCluster cluster = RedisCluster.open(1)) {
            row(run, table, on(jvm, cluster, rooms), "three masters, a slot takes 5 s to move", nodes -> {
                FaultRun.moveSlot(cluster, 0, 1, Duration.ofSeconds(5));
            });
        }
    }

    private static FaultRun on(Jvm jvm, RedisCluster cluster, int rooms) {
        return new FaultRun(jvm, cluster.url(), cluster::flush, rooms);
    }

    private static void row(BenchRun run, Table table, FaultRun faults, String name, FaultRun.Fault fault)
            throws Exception {
        run.progress(name);
        FaultRun.Outcome outcome = faults.suffer(fault);
        table.row(
                name,
                Figures.count(outcome.messages()),
                Figures.count(outcome.lost()),
                Figures.count(outcome.twice()),
                Figures.count(outcome.eventsAmiss()),
                Figures.count(outcome.rostersAmiss()),
                Figures.count(outcome.early()),
                Figures.count(outcome.roamerTimeouts()),
                Figures.count(outcome.lonerTimeouts()) + " of " + Figures.count(outcome.loners()),
                outcome.lonerTimeouts() == 0 ? "-" : Figures.count(outcome.earliestMillis()),
                outcome.lonerTimeouts() == 0 ? "-" : Figures.count(outcome.latestMillis()),
                Figures.count(outcome.refused()),
                Figures.count(outcome.refusedAfterMillis()));
    }
}

package dev.rollcall.bench.faults;

import dev.rollcall.bench.load.Until;
import dev.rollcall.bench.process.Jvm;
import dev.rollcall.bench.process.ServerProcess;
import dev.rollcall.bench.process.Servers;
import dev.rollcall.engine.redis.RedisCluster;
import dev.rollcall.engine.redis.RedisServer;
import dev.rollcall.engine.redis.SlotMove;
import io.lettuce.core.KillArgs;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Starts two nodes and a crowd, lets something happen, and tells what the crowd noticed. One thread uses it. */
public final class FaultRun {
    private static final Duration BEFORE = Duration.ofSeconds(3);

    /** The grace after an outage, a lease, and a little. */
    private static final Duration AFTER = Duration.ofSeconds(8);

    private final Jvm jvm;
    private final String redis;
    private final Runnable emptying;
    private final int rooms;

    /** Makes runs on the Redis at a URL, which {@code emptying} empties before each: nodes that find it abandoned would give a grace. */
    public FaultRun(Jvm jvm, String redis, Runnable emptying, int rooms) {
        this.emptying = emptying;
        this.jvm = jvm;
        this.redis = redis;
        this.rooms = rooms;
    }

    /** Something that happens. */
    @FunctionalInterface
    public interface Fault {
        /** Has it happen, to these nodes or behind them. */
        void happen(List<ServerProcess> nodes);
    }

    /**
     * What was noticed.
     *
     * @param messages messages whose publisher was told that they are published
     * @param lost how many of them a watcher did not hear, over all watchers
     * @param twice messages heard again
     * @param eventsAmiss events out of order, or with an occupancy that is not the roster's
     * @param rostersAmiss here-nows in the end that say other than the events
     * @param early timeouts of anybody whose last answered heartbeat was sent less than a lease before
     * @param roamerTimeouts timeouts of users who talked to either node throughout
     * @param loners users who talked to the first node alone
     * @param lonerTimeouts timeouts of those
     * @param earliestMillis how long after the end of the lease the first of these came
     * @param latestMillis the last
     * @param refused requests without an answer, or with 503
     * @param refusedAfterMillis for how long after the cause was gone
     * @param deaf watchers who did not hear the last message
     */
    public record Outcome(
            int messages,
            int lost,
            int twice,
            int eventsAmiss,
            int rostersAmiss,
            int early,
            int roamerTimeouts,
            int loners,
            int lonerTimeouts,
            long earliestMillis,
            long latestMillis,
            int refused,
            long refusedAfterMillis,
            int deaf) {}

    /** Has something happen to two new nodes and a new crowd. */
    public Outcome suffer(Fault fault) throws Exception {
        return suffer(fault, () -> {});
    }

    /** Has something happen to two new nodes and a new crowd; {@code after} runs when the crowd has gone and the nodes have not. */
    public Outcome suffer(Fault fault, Runnable after) throws Exception {
        emptying.run();
        try (ServerProcess one = Servers.node(jvm, redis);
                ServerProcess other = Servers.node(jvm, redis);
                Crowd crowd = new Crowd(List.of(one.address(), other.address()), rooms)) {
            crowd.gather();
            Until.passed(BEFORE);
            fault.happen(List.of(one, other));
            long gone = System.nanoTime();
            Until.passed(AFTER);
            crowd.catchUp();
            List<Long> roamers = crowd.lateness("roamer");
            List<Long> loners = crowd.lateness("loner");
            Outcome outcome = new Outcome(
                    crowd.told(),
                    crowd.lost(),
                    crowd.twice(),
                    crowd.outOfOrder() + crowd.miscounted(),
                    crowd.differingRooms(),
                    (int) Stream.concat(loners.stream(), roamers.stream())
                            .filter(late -> late < 0)
                            .count(),
                    roamers.size(),
                    crowd.loners(),
                    loners.size(),
                    loners.stream().mapToLong(Long::longValue).min().orElse(0),
                    loners.stream().mapToLong(Long::longValue).max().orElse(0),
                    crowd.refused(),
                    crowd.refusedAfter(gone),
                    crowd.deaf());
            crowd.goAway();
            after.run();
            return outcome;
        }
    }

    /** Lets time pass. */
    public static void wait(Duration time) {
        Until.passed(time);
    }

    /** Moves a slot that nodes use from one master to another, which takes as long as told. */
    public static void moveSlot(RedisCluster cluster, int from, int to, Duration lasts) {
        SlotMove move = SlotMove.begin(cluster, cluster.keyOf(from), from, to);
        Until.passed(lasts);
        move.finish();
    }

    /** Cuts whatever is connected to a server. */
    public static void cutConnections(RedisServer server) {
        server.with(commands -> {
            commands.clientKill(KillArgs.Builder.typePubsub().skipme());
            commands.clientKill(KillArgs.Builder.typeNormal().skipme());
        });
    }
}

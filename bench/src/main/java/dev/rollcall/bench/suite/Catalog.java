package dev.rollcall.bench.suite;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.soak.SoakBench;
import java.util.ArrayList;
import java.util.List;

/** All benches, in the order they are listed. */
public final class Catalog {
    private static final List<Bench> SINGLE = List.of(
            new HeartbeatBench(),
            new HereNowBench(),
            new FanoutBench(),
            new ConnectionsBench(),
            new IdleBench(),
            new HeapBench(),
            new EngineBench(),
            new OwnershipBench(),
            new ScalingBench(),
            new TimeoutsBench(),
            new StormBench(),
            new StartBench(),
            new FairnessBench(),
            new BackpressureBench(),
            new RedisBench(),
            new FaultsBench());

    /** Those that compare with nothing, and so are no part of {@code all}. */
    private static final List<Bench> APART = List.of(
            new SnapshotBench(), new OperatorsBench(), new ClusterBench(), new SoakBench(), new EmulatorBench());

    private Catalog() {}

    /** Returns the benches. */
    public static List<Bench> benches() {
        List<Bench> benches = new ArrayList<>(SINGLE);
        benches.add(new AllBench(SINGLE));
        benches.addAll(APART);
        return benches;
    }
}

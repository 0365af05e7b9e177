package dev.rollcall.bench.jmh;

import dev.rollcall.bench.load.Requests;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Leave;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The inner operations of the embedded engine, without HTTP. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EngineBenchmark {
    private static final SubscribeKey KEY = new SubscribeKey(Requests.KEY);
    private static final int TIMEOUT_SECONDS = 300;
    private static final int PASSERS_BY = 10_000;

    /** An engine with occupants. */
    @State(Scope.Benchmark)
    public static class Populated {
        /** Users who are present. */
        @Param("100000")
        public int occupants;

        /** Channels they are spread over. */
        @Param("1000")
        public int channels;

        private EmbeddedEngine engine =
                new EmbeddedEngine(key -> KeysetSettings.DEFAULT, EngineTime.system(), new EngineListener() {});
        private Heartbeat[] heartbeats = {};
        private final AtomicInteger threads = new AtomicInteger();

        /** Has everybody join. */
        @Setup
        public void fill() {
            heartbeats = new Heartbeat[occupants];
            for (int i = 0; i < occupants; i++) {
                heartbeats[i] = heartbeat(i, i % channels);
                engine.heartbeat(heartbeats[i]);
            }
        }

        /** Ends the engine. */
        @TearDown
        public void close() {
            engine.close();
        }
    }

    /** Where one thread is. */
    @State(Scope.Thread)
    public static class Walk {
        private int at;
        private int passer;
        private Heartbeat[] joins = {};
        private Leave[] leaves = {};

        /** Begins at a place of this thread's own, and makes users nobody else has. */
        @Setup(Level.Trial)
        public void begin(Populated populated) {
            int thread = populated.threads.getAndIncrement();
            at = thread * 31_337 % populated.occupants;
            joins = new Heartbeat[PASSERS_BY];
            leaves = new Leave[PASSERS_BY];
            for (int i = 0; i < PASSERS_BY; i++) {
                int user = populated.occupants + thread * PASSERS_BY + i;
                joins[i] = heartbeat(user, user % populated.channels);
                leaves[i] = new Leave(KEY, joins[i].user(), joins[i].targets());
            }
        }

        private int next(int count) {
            at = at + 1 == count ? 0 : at + 1;
            return at;
        }
    }

    private static Heartbeat heartbeat(int user, int channel) {
        Targets targets = Targets.of(new Channel("room-" + channel));
        return new Heartbeat(KEY, new UserId(Requests.user(user)), targets, TIMEOUT_SECONDS, Map.of());
    }

    /** Heartbeats of users who are present, the calls made beforehand. */
    @Benchmark
    public Object renew(Populated populated, Walk walk) {
        return populated.engine.heartbeat(populated.heartbeats[walk.next(populated.occupants)]);
    }

    /** Heartbeats of users who are present, with strings that nobody has hashed yet, as they come out of requests. */
    @Benchmark
    @SuppressWarnings("StringCopy")
    public Object renewParsed(Populated populated, Walk walk) {
        Heartbeat known = populated.heartbeats[walk.next(populated.occupants)];
        String user = copy(known.user().value());
        String channel = copy(known.targets().channels().get(0).name());
        Targets targets = Targets.of(new Channel(channel));
        return populated.engine.heartbeat(new Heartbeat(KEY, new UserId(user), targets, TIMEOUT_SECONDS, Map.of()));
    }

    private static String copy(String text) {
        char[] characters = new char[text.length()];
        text.getChars(0, characters.length, characters, 0);
        return new String(characters);
    }

    /** A join and a leave of the same user, nobody watching. */
    @Benchmark
    public Object joinAndLeave(Populated populated, Walk walk) {
        int passer = walk.passer;
        walk.passer = passer + 1 == PASSERS_BY ? 0 : passer + 1;
        populated.engine.heartbeat(walk.joins[passer]);
        return populated.engine.leave(walk.leaves[passer]);
    }

    /** Here-now of a channel that has not changed. */
    @Benchmark
    public Object hereNow(Populated populated, Walk walk) {
        Targets targets = populated.heartbeats[walk.next(populated.occupants)].targets();
        return populated.engine.hereNow(new HereNowQuery(KEY, targets, true, Limits.HERE_NOW_PAGE, 0));
    }
}

package dev.rollcall.bench.suite;

import dev.rollcall.bench.Bench;
import dev.rollcall.bench.BenchRun;
import dev.rollcall.bench.Option;
import dev.rollcall.bench.report.Latencies;
import dev.rollcall.bench.report.Table;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/** How long a snapshot of a large engine takes, how large it is, how long it takes to restore, and whether heartbeats wait for it. */
final class SnapshotBench implements Bench {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final int SNAPSHOTS = 5;
    private static final int LEASE_SECONDS = 3600;

    @Override
    public String name() {
        return "snapshot";
    }

    @Override
    public String summary() {
        return "time and size of a snapshot, and what heartbeats notice of it";
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option("occupants", 1_000_000, "how many are present"),
                new Option("channels", 10_000, "in how many channels"));
    }

    @Override
    public void run(BenchRun run) throws Exception {
        int occupants = run.options().number("occupants", 1);
        int channels = run.options().number("channels", 1);
        EmbeddedEngine engine = engine();
        Heartbeat[] heartbeats = heartbeats(Math.min(occupants, 100_000), occupants, channels, engine);
        Path file = Files.createTempFile("rollcall", ".snapshot");
        try {
            Latencies alone = new Latencies();
            Latencies beside = new Latencies();
            measure(engine, heartbeats, alone, () -> Thread.sleep(3000));
            long[] nanos = new long[SNAPSHOTS];
            measure(engine, heartbeats, beside, () -> {
                for (int i = 0; i < SNAPSHOTS; i++) {
                    nanos[i] = write(engine, file);
                }
            });
            long start = System.nanoTime();
            int restored = restore(file);
            double restoreSeconds = (System.nanoTime() - start) / 1e9;
            long size = Files.size(file);
            Table table = new Table(
                    String.format(Locale.ROOT, "%,d occupants with UUIDs in %,d channels", restored, channels),
                    "",
                    "value");
            for (int i = 0; i < SNAPSHOTS; i++) {
                table.row("snapshot " + (i + 1), String.format(Locale.ROOT, "%.2f s", nanos[i] / 1e9));
            }
            table.row("size", String.format(Locale.ROOT, "%.1f MB", size / 1e6));
            table.row("size an occupant", String.format(Locale.ROOT, "%.1f B", (double) size / restored));
            table.row("restoring", String.format(Locale.ROOT, "%.2f s", restoreSeconds));
            run.print(table);
            Table heard = new Table("a heartbeat of somebody present, one thread", "", "p50", "p99", "p99.9", "max");
            row(heard, "no snapshot", alone);
            row(heard, "snapshots under way", beside);
            run.print(heard);
        } finally {
            Files.delete(file);
        }
    }

    private static void row(Table table, String name, Latencies latencies) {
        table.row(
                name,
                micros(latencies.quantile(0.5)),
                micros(latencies.quantile(0.99)),
                micros(latencies.quantile(0.999)),
                micros(latencies.max()));
    }

    private static String micros(double nanos) {
        return String.format(Locale.ROOT, "%.1f µs", nanos / 1000);
    }

    private static EmbeddedEngine engine() {
        return new EmbeddedEngine(key -> KeysetSettings.DEFAULT, EngineTime.system(), new EngineListener() {});
    }

    /** Fills the engine and returns some of the heartbeats that did. */
    private static Heartbeat[] heartbeats(int kept, int occupants, int channels, EmbeddedEngine engine) {
        Heartbeat[] some = new Heartbeat[kept];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < occupants; i++) {
            Heartbeat heartbeat = new Heartbeat(
                    KEY,
                    new UserId(new UUID(random.nextLong(), random.nextLong()).toString()),
                    new Targets(List.of(new Channel("channel-" + i % channels)), List.of()),
                    LEASE_SECONDS,
                    Map.of());
            engine.heartbeat(heartbeat);
            if (i < kept) {
                some[i] = heartbeat;
            }
        }
        return some;
    }

    private static void measure(EmbeddedEngine engine, Heartbeat[] heartbeats, Latencies latencies, Work work)
            throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Thread thread = new Thread(
                () -> {
                    for (int i = 0; !done.get(); i = (i + 1) % heartbeats.length) {
                        long start = System.nanoTime();
                        engine.heartbeat(heartbeats[i]);
                        latencies.record(System.nanoTime() - start);
                    }
                },
                "heartbeats");
        thread.start();
        work.run();
        done.set(true);
        thread.join();
    }

    private static long write(EmbeddedEngine engine, Path file) throws IOException {
        long start = System.nanoTime();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            engine.writeSnapshot(out, Duration.ZERO);
        }
        return System.nanoTime() - start;
    }

    private static int restore(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            return engine().restore(in, Duration.ZERO);
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }
}

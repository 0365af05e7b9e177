package dev.rollcall.server;

import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.server.config.RestartConfig;
import dev.rollcall.server.store.SnapshotFile;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes snapshots of an engine again and again, on a thread of its own, and a last one when it is closed, which must be after the last
 * request. Safe from any thread.
 */
final class Snapshots implements AutoCloseable {
    static final String FILE = "presence.snapshot";

    private static final Logger log = LoggerFactory.getLogger(Snapshots.class);

    /** A snapshot is followed by a pause of so many times as long as it took: it costs a tenth of a processor at most. */
    private static final int PAUSE_FACTOR = 9;

    /** How far timetokens are ahead after a crash, beside twice the interval: longer than any two snapshots are apart. */
    private static final Duration RESERVED = Duration.ofSeconds(60);

    private final EmbeddedEngine engine;
    private final SnapshotFile file;
    private final RestartConfig config;
    private final ScheduledExecutorService thread;
    private volatile boolean closing;
    private boolean failing;

    private Snapshots(EmbeddedEngine engine, SnapshotFile file, RestartConfig config) {
        this.engine = engine;
        this.file = file;
        this.config = config;
        thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "rollcall-snapshots");
            made.setDaemon(true);
            return made;
        });
    }

    /**
     * Returns an engine that goes on where the last one in this directory stopped; an empty one where there is none, or only one that
     * cannot be read.
     */
    static EmbeddedEngine restored(Supplier<EmbeddedEngine> maker, Path data, RestartConfig config) {
        SnapshotFile file = new SnapshotFile(data.resolve(FILE));
        EmbeddedEngine engine = maker.get();
        if (!file.exists()) {
            return engine;
        }
        try (InputStream in = file.read()) {
            int occupants = engine.restore(in, config.grace());
            log.info("presence restored occupants={} grace={}", occupants, config.grace());
            return engine;
        } catch (IOException e) {
            log.warn("presence cannot be restored, beginning with nobody present: {}", e.getMessage());
            putAside(file);
            return maker.get();
        }
    }

    private static void putAside(SnapshotFile file) {
        try {
            log.warn("the damaged snapshot is now {}", file.putAside());
        } catch (IOException e) {
            log.warn("the damaged snapshot stays where it is", e);
        }
    }

    static Snapshots start(EmbeddedEngine engine, Path data, RestartConfig config) {
        Snapshots snapshots = new Snapshots(engine, new SnapshotFile(data.resolve(FILE)), config);
        if (!config.interval().isZero()) {
            // At once: the one that was restored has no timetokens in reserve.
            snapshots.schedule(0);
        }
        return snapshots;
    }

    private void schedule(long nanos) {
        if (!closing) {
            var unused = thread.schedule(this::run, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void run() {
        if (closing) {
            return;
        }
        long start = System.nanoTime();
        Duration reserved = RESERVED.plus(config.interval().multipliedBy(2));
        try {
            file.write(out -> engine.writeSnapshot(new Stoppable(out), reserved));
            failing = false;
        } catch (IOException | RuntimeException e) {
            if (!closing && !failing) {
                log.error("presence is not kept, trying again: after a crash nobody would be present", e);
                failing = true;
            }
        }
        long pause = PAUSE_FACTOR * (System.nanoTime() - start);
        schedule(Math.max(pause, config.interval().toNanos()));
    }

    /** Writes the last snapshot. */
    @Override
    public void close() {
        closing = true;
        Future<?> last = thread.submit(this::writeLast);
        try {
            last.get(RollcallServer.CLOSE_WITHIN.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.error("presence is kept as it was a while ago, if at all", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.shutdownNow();
    }

    private void writeLast() {
        try {
            long bytes = file.write(out -> engine.writeSnapshot(out, Duration.ZERO));
            log.info("presence kept bytes={}", bytes);
        } catch (IOException | RuntimeException e) {
            log.error("presence is not kept as it is now, only as it was a while ago, if at all", e);
        }
    }

    /** Ends a snapshot under way when the server stops: the last one comes after it. */
    private final class Stoppable extends FilterOutputStream {
        Stoppable(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (closing) {
                throw new IOException("the server stops");
            }
            out.write(bytes, offset, length);
        }
    }
}

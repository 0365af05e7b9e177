package dev.rollcall.server;

import dev.rollcall.engine.daemon.DaemonThread;
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
    static final String FILE = SnapshotFile.PRESENCE;

    private static final Logger log = LoggerFactory.getLogger(Snapshots.class);

    /** A snapshot is followed by a pause of so many times as long as it took: it costs a tenth of a processor at most. */
    private static final int PAUSE_FACTOR = 9;

    private final EmbeddedEngine engine;
    private final SnapshotFile file;
    private final RestartConfig config;
    private final DaemonThread thread;
    private volatile boolean closing;
    private boolean failing;
    private volatile long keptNanos = System.nanoTime();

    /** How long after one snapshot there should be another. */
    private volatile long dueNanos;

    private Snapshots(EmbeddedEngine engine, SnapshotFile file, RestartConfig config, DaemonThread thread) {
        this.engine = engine;
        this.file = file;
        this.config = config;
        this.thread = thread;
        dueNanos = config.interval().toNanos();
    }

    /** Returns for how many nanoseconds nothing was kept. */
    long ageNanos() {
        return System.nanoTime() - keptNanos;
    }

    /** Returns how long after one snapshot there should be another. */
    long dueNanos() {
        return dueNanos;
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

    static Snapshots start(EmbeddedEngine engine, Path data, RestartConfig config, DaemonThread thread) {
        Snapshots snapshots = new Snapshots(engine, new SnapshotFile(data.resolve(FILE)), config, thread);
        if (!config.interval().isZero()) {
            snapshots.schedule(config.interval());
        }
        return snapshots;
    }

    private void schedule(Duration delay) {
        if (!closing) {
            thread.schedule(delay, this::run);
        }
    }

    private void run() {
        if (closing) {
            return;
        }
        long start = System.nanoTime();
        try {
            // Timetokens need nothing in reserve here, see TimetokenReserve.
            file.write(out -> engine.writeSnapshot(new Stoppable(out), Duration.ZERO));
            failing = false;
            keptNanos = System.nanoTime();
        } catch (IOException e) {
            if (!closing && !failing) {
                log.error("presence is not kept, trying again: after a crash nobody would be present", e);
                failing = true;
            }
        } finally {
            long pause = PAUSE_FACTOR * (System.nanoTime() - start);
            dueNanos = Math.max(pause, config.interval().toNanos());
            schedule(Duration.ofNanos(dueNanos));
        }
    }

    /**
     * Writes the last snapshot.
     *
     * @throws IOException if it cannot be written, or not in time; there may be an older one
     */
    @Override
    public void close() throws IOException {
        closing = true;
        try {
            thread.submit(this::writeLast).get(RollcallServer.CLOSE_WITHIN.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("presence is not kept as it is now, only as it was a while ago, if at all", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            thread.close();
        }
    }

    private void writeLast() throws IOException {
        long bytes = file.write(out -> engine.writeSnapshot(out, Duration.ZERO));
        log.info("presence kept bytes={}", bytes);
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

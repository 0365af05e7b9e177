package dev.rollcall.server;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.protocol.Timetoken;
import dev.rollcall.server.store.DurableNumber;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Keeps a timetoken in the data directory that is greater than all that are given out before it is kept again, for whoever starts after a
 * crash to go on from: the first before the first request, then one every second. Timetokens follow the clock, so it lies half a minute
 * ahead of the clock, and not of the last timetoken: crashes one after the other do not add up. Only while timetokens are ahead of the clock
 * does it lie a little ahead of them instead, by less than the time that any start takes.
 */
final class TimetokenReserve implements AutoCloseable {
    static final String FILE = "timetokens";

    /** How far ahead of the clock, which is for how long the disk may keep the thread waiting. */
    static final Duration AHEAD = Duration.ofSeconds(30);

    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** How many timetokens there may be in one period while they are ahead of the clock: a tenth of a second's worth. */
    private static final long MOST = 1_000_000;

    private final EmbeddedEngine engine;
    private final EngineTime time;
    private final DurableNumber kept;
    private final DaemonThread thread;

    private TimetokenReserve(EmbeddedEngine engine, EngineTime time, DurableNumber kept, DaemonThread thread) {
        this.engine = engine;
        this.time = time;
        this.kept = kept;
        this.thread = thread;
    }

    /**
     * Has the timetokens of {@code engine} be greater than all before the start, and keeps doing so for the next one.
     *
     * @throws UncheckedIOException if it cannot be read or kept
     */
    static TimetokenReserve start(EmbeddedEngine engine, EngineTime time, Path data, DaemonThread thread) {
        try {
            DurableNumber kept = DurableNumber.open(data.resolve(FILE));
            TimetokenReserve reserve = new TimetokenReserve(engine, time, kept, thread);
            engine.startTimetokensAfter(kept.value());
            reserve.keep();
            thread.repeat(PERIOD, PERIOD, reserve::keep);
            return reserve;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    new IOException("data: " + data.resolve(FILE) + " cannot be used: " + e.getMessage(), e));
        }
    }

    private void keep() throws IOException {
        long ahead =
                Timetoken.ofEpochMillis(time.epochMillis() + AHEAD.toMillis()).value();
        kept.set(Math.max(last() + MOST, ahead));
    }

    private long last() {
        return engine.timetoken().toCompletableFuture().join();
    }

    /** Keeps the last timetoken as it is: nothing is given out any more. */
    @Override
    public void close() throws IOException {
        try (kept) {
            if (thread.finish(PERIOD)) {
                kept.set(last());
            }
        }
    }
}

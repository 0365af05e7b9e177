package dev.rollcall.server.admin;

import dev.rollcall.engine.EngineCounts;
import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.server.metrics.Totals;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How things were each second of the last quarter of an hour. Safe from any thread. */
final class Samples implements AutoCloseable {
    /** How many are kept. */
    static final int MOST = 900;

    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final AdminParts parts;
    private final DaemonThread thread;

    // All below is guarded by this.
    private final Deque<Sample> ring = new ArrayDeque<>();
    private @Nullable Totals before;
    private long beforeMillis;

    /**
     * One second.
     *
     * @param atMillis its end
     * @param counts what the engine held
     * @param connections connections that were open
     * @param rates what happened, a second
     * @param clockLagSeconds how far the engine's clock was behind
     * @param heapBytes the heap in use
     */
    record Sample(
            long atMillis,
            EngineCounts counts,
            long connections,
            Totals.Rates rates,
            double clockLagSeconds,
            long heapBytes) {}

    Samples(AdminParts parts) {
        this.parts = parts;
        thread = parts.daemons().thread("samples");
        thread.repeat(Duration.ZERO, PERIOD, this::take);
    }

    private void take() {
        EngineCounts counts = parts.counts().get();
        Totals now = parts.metrics().totals();
        Runtime runtime = Runtime.getRuntime();
        long millis = parts.time().epochMillis();
        long monotonic = parts.time().monotonicMillis();
        synchronized (this) {
            Sample last = ring.peekLast();
            Totals.Rates rates = before == null ? Totals.Rates.NONE : now.since(before, monotonic - beforeMillis);
            if (last != null && last.atMillis() == millis) {
                // The clock of an emulator, by which nothing happens in no time; what has, counts once it is moved.
                rates = last.rates();
                ring.removeLast();
            } else {
                before = now;
                beforeMillis = monotonic;
            }
            if (ring.size() == MOST) {
                ring.removeFirst();
            }
            ring.addLast(new Sample(
                    millis,
                    counts,
                    parts.metrics().connections(),
                    rates,
                    parts.vitals().clockLagSeconds(),
                    runtime.totalMemory() - runtime.freeMemory()));
        }
    }

    /** Returns the last, or null if there is none yet. */
    synchronized @Nullable Sample last() {
        return ring.peekLast();
    }

    /** Returns those after {@code sinceMillis}, in order of time. */
    synchronized List<Sample> since(long sinceMillis) {
        List<Sample> found = new ArrayList<>();
        for (Sample sample : ring) {
            if (sample.atMillis() > sinceMillis) {
                found.add(sample);
            }
        }
        return found;
    }

    @Override
    public void close() {
        thread.close();
    }
}

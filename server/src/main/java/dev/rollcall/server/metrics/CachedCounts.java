package dev.rollcall.server.metrics;

import dev.rollcall.engine.EngineCounts;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an engine holds, counted again when somebody asks and the last count is old enough. Counting is a walk: however many ask, it takes
 * no more than a twentieth of the time. Safe from any thread.
 */
public final class CachedCounts {
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(900);
    private static final int REST_FACTOR = 20;

    private final Supplier<EngineCounts> source;
    private final LongSupplier nanoTime;

    // All below is guarded by this.
    private @Nullable EngineCounts counts;
    private long countedNanos;
    private long costNanos;

    /** Makes counts of {@code source}, by a clock as {@link System#nanoTime}. */
    public CachedCounts(Supplier<EngineCounts> source, LongSupplier nanoTime) {
        this.source = source;
        this.nanoTime = nanoTime;
    }

    /** Returns the counts of now or a moment ago. May walk through the engine: not for event loops. */
    public synchronized EngineCounts get() {
        EngineCounts last = counts;
        long now = nanoTime.getAsLong();
        if (last != null && now - countedNanos < Math.max(FRESH_NANOS, REST_FACTOR * costNanos)) {
            return last;
        }
        EngineCounts fresh = source.get();
        counts = fresh;
        countedNanos = nanoTime.getAsLong();
        costNanos = countedNanos - now;
        return fresh;
    }
}

package dev.rollcall.server.metrics;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How far behind the moving parts of a server are: the engine's clock, which ends what has to end, and the event loops, which read and
 * write. Parts that a server does not have are never behind. Safe from any thread.
 */
public final class Vitals {
    /** A server that is further behind than this should not be sent requests. */
    public static final Duration READY_WITHIN = Duration.ofSeconds(2);

    /** A server that is further behind than this has stopped: something in it has failed for good. */
    public static final Duration HEALTHY_WITHIN = Duration.ofSeconds(30);

    private volatile LongSupplier clock = () -> 0;
    private volatile LongSupplier loops = () -> 0;

    /** Makes vitals of a server that has no parts yet. */
    public Vitals() {}

    /** Says who knows by how many nanoseconds the engine's clock is behind. */
    public void watchClock(LongSupplier lagNanos) {
        clock = lagNanos;
    }

    /** Says who knows by how many nanoseconds the slowest event loop is behind. */
    public void watchLoops(LongSupplier lagNanos) {
        loops = lagNanos;
    }

    double clockLagSeconds() {
        return clock.getAsLong() / 1e9;
    }

    double loopLagSeconds() {
        return loops.getAsLong() / 1e9;
    }

    /** Returns whether no part has stopped for good. */
    public boolean isHealthy() {
        return behind(HEALTHY_WITHIN) == null;
    }

    /** Returns which part is further behind than {@code bound}, in words, or null if none is. */
    @Nullable
    String behind(Duration bound) {
        double most = bound.toNanos() / 1e9;
        if (clockLagSeconds() > most) {
            return String.format(Locale.ROOT, "the engine's clock is %.1f s behind", clockLagSeconds());
        }
        if (loopLagSeconds() > most) {
            return String.format(Locale.ROOT, "an event loop is %.1f s behind", loopLagSeconds());
        }
        return null;
    }
}

package dev.rollcall.server.metrics;

import dev.rollcall.engine.redis.RedisHealth;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How far behind the moving parts of a server are: the engine's clock, which ends what has to end, and the event loops, which read and
 * write; and how Redis is, if that is where things are kept. Parts that a server does not have are never behind. Safe from any thread.
 */
public final class Vitals {
    /** A server that is further behind than this should not be sent requests. */
    public static final Duration READY_WITHIN = Duration.ofSeconds(2);

    /** A server that is further behind than this has stopped: something in it has failed for good. */
    public static final Duration HEALTHY_WITHIN = Duration.ofSeconds(30);

    private volatile LongSupplier clock = () -> 0;
    private volatile LongSupplier loops = () -> 0;
    private final List<RedisHealth> stores = new CopyOnWriteArrayList<>();

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

    /** Says how one use of Redis is. */
    public void watchStore(RedisHealth health) {
        stores.add(health);
    }

    List<RedisHealth> stores() {
        return stores;
    }

    double clockLagSeconds() {
        double seconds = clock.getAsLong() / 1e9;
        for (RedisHealth store : stores) {
            seconds = Math.max(seconds, store.lagMillis() / 1e3);
        }
        return seconds;
    }

    /** Returns why what is kept in Redis cannot be served, in words, or null if it can. */
    @Nullable
    String fault() {
        for (RedisHealth store : stores) {
            String fault = store.fault();
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    /** Returns what is wrong though everything is served, in words. */
    List<String> alarms() {
        return stores.stream().flatMap(store -> store.alarms().stream()).toList();
    }

    double loopLagSeconds() {
        return loops.getAsLong() / 1e9;
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

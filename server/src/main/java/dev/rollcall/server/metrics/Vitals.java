package dev.rollcall.server.metrics;

import dev.rollcall.engine.redis.RedisHealth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
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

    /** How many times as long as a snapshot is due it may take before somebody should look. */
    private static final int SNAPSHOT_PATIENCE = 5;

    private volatile LongSupplier clock = () -> 0;
    private volatile LongSupplier loops = () -> 0;
    private final List<RedisHealth> stores = new CopyOnWriteArrayList<>();

    private volatile @Nullable LongSupplier snapshotAge;
    private volatile LongSupplier snapshotDue = () -> 0;
    private volatile @Nullable BooleanSupplier dataWritable;

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

    /** Says who knows how many nanoseconds ago presence was kept last, and after how many it should have been again. */
    public void watchSnapshots(LongSupplier ageNanos, LongSupplier dueNanos) {
        snapshotDue = dueNanos;
        snapshotAge = ageNanos;
    }

    /** Returns how many seconds ago presence was kept last; NaN where it is not kept from time to time. */
    public double snapshotAgeSeconds() {
        LongSupplier age = snapshotAge;
        return age == null ? Double.NaN : age.getAsLong() / 1e9;
    }

    /** Returns whether presence should have been kept since long. */
    public boolean isSnapshotTooOld() {
        LongSupplier age = snapshotAge;
        return age != null && age.getAsLong() > SNAPSHOT_PATIENCE * snapshotDue.getAsLong();
    }

    /** Says who knows whether the data directory can be written. */
    public void watchData(BooleanSupplier isWritable) {
        dataWritable = isWritable;
    }

    /** Returns 1 while the data directory can be written, 0 while it cannot; NaN where there is none. */
    double dataWritable() {
        BooleanSupplier writable = dataWritable;
        return writable == null ? Double.NaN : writable.getAsBoolean() ? 1 : 0;
    }

    /** Says how one use of Redis is. */
    public void watchStore(RedisHealth health) {
        stores.add(health);
    }

    List<RedisHealth> stores() {
        return stores;
    }

    /** Returns for how many seconds something has been due in the engine that is not done. */
    public double clockLagSeconds() {
        double seconds = clock.getAsLong() / 1e9;
        for (RedisHealth store : stores) {
            seconds = Math.max(seconds, store.lagMillis() / 1e3);
        }
        return seconds;
    }

    /** Returns why what is kept in Redis cannot be served, in words, or null if it can. */
    public @Nullable String fault() {
        for (RedisHealth store : stores) {
            String fault = store.fault();
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    /** Returns what is wrong though everything is served, in words. */
    public List<String> alarms() {
        List<String> alarms = new ArrayList<>();
        BooleanSupplier writable = dataWritable;
        if (writable != null && !writable.getAsBoolean()) {
            alarms.add(
                    "something in the data directory cannot be written, so grants, revocations and changes of channel groups are refused"
                            + " until a restart");
        }
        stores.forEach(store -> alarms.addAll(store.alarms()));
        return alarms;
    }

    /** Returns for how many seconds the slowest event loop has not come to what it has to do. */
    public double loopLagSeconds() {
        return loops.getAsLong() / 1e9;
    }

    /** Returns whether no part has stopped for good. */
    public boolean isHealthy() {
        return behind(HEALTHY_WITHIN) == null;
    }

    /** Returns which part is further behind than {@code bound}, in words, or null if none is. */
    public @Nullable String behind(Duration bound) {
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

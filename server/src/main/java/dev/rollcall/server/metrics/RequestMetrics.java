package dev.rollcall.server.metrics;

import static java.util.Objects.requireNonNull;

import dev.rollcall.server.access.Operation;
import java.util.EnumMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Counts answered requests by operation and status, with the time they took. Safe from any thread. */
public final class RequestMetrics {
    private static final int STATUSES = 600;

    // Status by operation, sparse: counting costs two adders and two look-ups that hash nothing.
    private final EnumMap<Operation, AtomicReferenceArray<@Nullable Count>> counts = new EnumMap<>(Operation.class);

    private final EnumMap<MissingFeature, LongAdder> missing = new EnumMap<>(MissingFeature.class);
    private final RecentRefusals refusals;
    private final Histogram deliveries = new Histogram();
    private volatile @Nullable RequestLog log;

    /** Makes counts of zero. */
    public RequestMetrics() {
        this(System::currentTimeMillis);
    }

    /** Makes counts of zero, by a clock that says how many milliseconds have passed since the Unix epoch. */
    public RequestMetrics(LongSupplier epochMillis) {
        refusals = new RecentRefusals(epochMillis);
        for (MissingFeature feature : MissingFeature.values()) {
            missing.put(feature, new LongAdder());
        }
        for (Operation operation : Operation.values()) {
            counts.put(operation, new AtomicReferenceArray<>(STATUSES));
        }
    }

    /** The requests of one operation that were answered with one status. */
    public static final class Count {
        /** Upper bounds of the buckets; one more holds what is above. Most requests are in the first, so it is found at once. */
        private static final long[] BOUNDS_NANOS = {
            500_000,
            1_000_000,
            2_500_000,
            5_000_000,
            10_000_000,
            25_000_000,
            50_000_000,
            100_000_000,
            250_000_000,
            1_000_000_000,
            5_000_000_000L
        };

        private final LongAdder[] buckets = new LongAdder[BOUNDS_NANOS.length + 1];
        private final LongAdder nanos = new LongAdder();

        Count() {
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] = new LongAdder();
            }
        }

        void add(long took) {
            int bucket = 0;
            while (bucket < BOUNDS_NANOS.length && took > BOUNDS_NANOS[bucket]) {
                bucket++;
            }
            buckets[bucket].increment();
            nanos.add(took);
        }

        /** Returns how many. */
        public long requests() {
            long sum = 0;
            for (LongAdder bucket : buckets) {
                sum += bucket.sum();
            }
            return sum;
        }

        /** Returns the upper bounds of the buckets in seconds, infinity for the last. */
        double[] boundsSeconds() {
            double[] bounds = new double[buckets.length];
            for (int i = 0; i < BOUNDS_NANOS.length; i++) {
                bounds[i] = BOUNDS_NANOS[i] / 1e9;
            }
            bounds[BOUNDS_NANOS.length] = Double.POSITIVE_INFINITY;
            return bounds;
        }

        /** Returns the number in each bucket, and in no other. */
        long[] counts() {
            long[] now = new long[buckets.length];
            for (int i = 0; i < now.length; i++) {
                now[i] = buckets[i].sum();
            }
            return now;
        }

        /** Returns how long the server had them, all together. */
        public double seconds() {
            return nanos.sum() / 1e9;
        }
    }

    /** Gets one operation and status at a time. */
    @FunctionalInterface
    public interface Visitor {
        /** Takes one. */
        void visit(Operation operation, int status, Count count);
    }

    /** Counts one answered request. */
    public void answered(Operation operation, int status, long nanos) {
        AtomicReferenceArray<@Nullable Count> byStatus = byStatus(operation);
        int index = Math.min(Math.max(status, 0), STATUSES - 1);
        Count count = byStatus.get(index);
        if (count == null) {
            byStatus.compareAndSet(index, null, new Count());
            count = requireNonNull(byStatus.get(index));
        }
        count.add(nanos);
    }

    /** Counts one answered poll. How long it waited says nothing about the server, so that is not counted. */
    public void polled(int status) {
        answered(Operation.SUBSCRIBE, status, 0);
    }

    /** Takes down how long after it was published or announced a waiting subscribe was told of something. */
    public void delivered(long millis) {
        deliveries.record(Math.max(0, millis));
    }

    Histogram deliveries() {
        return deliveries;
    }

    /** Returns the last requests that were refused. */
    public RecentRefusals refusals() {
        return refusals;
    }

    /** Has every answered request logged from now on. */
    public void logRequests() {
        log = new RequestLog();
    }

    /** Returns the log of requests, or null if they are not logged. */
    public @Nullable RequestLog log() {
        return log;
    }

    /** Counts a request for a feature that Rollcall does not have. */
    public void missing(MissingFeature feature) {
        missingCount(feature).increment();
    }

    /** Returns how many requests there were for a feature that Rollcall does not have. */
    LongAdder missingCount(MissingFeature feature) {
        return requireNonNull(missing.get(feature));
    }

    /** Shows every operation and status that occurred. */
    public void visit(Visitor visitor) {
        for (Operation operation : Operation.values()) {
            AtomicReferenceArray<@Nullable Count> byStatus = byStatus(operation);
            for (int status = 0; status < STATUSES; status++) {
                Count count = byStatus.get(status);
                if (count != null) {
                    visitor.visit(operation, status, count);
                }
            }
        }
    }

    private AtomicReferenceArray<@Nullable Count> byStatus(Operation operation) {
        return requireNonNull(counts.get(operation));
    }
}

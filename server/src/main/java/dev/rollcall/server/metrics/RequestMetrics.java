package dev.rollcall.server.metrics;

import static java.util.Objects.requireNonNull;

import dev.rollcall.server.access.Operation;
import java.util.EnumMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts answered requests by operation and status, with the time they took. Safe from any thread. */
public final class RequestMetrics {
    private static final int STATUSES = 600;

    // Status by operation, sparse: counting costs two adders and two look-ups that hash nothing.
    private final EnumMap<Operation, AtomicReferenceArray<@Nullable Count>> counts = new EnumMap<>(Operation.class);

    private final EnumMap<MissingFeature, LongAdder> missing = new EnumMap<>(MissingFeature.class);

    /** Makes counts of zero. */
    public RequestMetrics() {
        for (MissingFeature feature : MissingFeature.values()) {
            missing.put(feature, new LongAdder());
        }
        for (Operation operation : Operation.values()) {
            counts.put(operation, new AtomicReferenceArray<>(STATUSES));
        }
    }

    /** The requests of one operation that were answered with one status. */
    public static final class Count {
        private final LongAdder requests = new LongAdder();
        private final LongAdder nanos = new LongAdder();

        /** Returns how many. */
        public long requests() {
            return requests.sum();
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
        count.requests.increment();
        count.nanos.add(nanos);
    }

    /** Counts one answered poll. How long it waited says nothing about the server, so that is not counted. */
    public void polled(int status) {
        answered(Operation.SUBSCRIBE, status, 0);
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

package dev.rollcall.server.metrics;

import dev.rollcall.protocol.PresenceEvent;
import dev.rollcall.protocol.SubscribeKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Joins and departures by keyset and cause. Only the first {@value #MOST_KEYSETS} keysets are told apart, the others count as one: in
 * development mode clients choose their names, and a monitoring system must not be filled with them. Safe from any thread.
 */
final class EventCounts {
    static final int MOST_KEYSETS = 100;

    /** No key can be called that. */
    static final String OTHERS = "(others)";

    private static final String UNKNOWN = "unknown";

    private final Map<SubscribeKey, Causes> byKey = new ConcurrentHashMap<>();
    private final Causes others = new Causes();

    /** The counts of one keyset, by cause. */
    static final class Causes {
        private final Map<String, LongAdder> joins = new ConcurrentHashMap<>();
        private final Map<String, LongAdder> departures = new ConcurrentHashMap<>();

        private static void count(Map<String, LongAdder> counts, @Nullable String cause) {
            String label = cause == null ? UNKNOWN : cause;
            LongAdder count = counts.get(label);
            if (count == null) {
                count = counts.computeIfAbsent(label, absent -> new LongAdder());
            }
            count.increment();
        }
    }

    /** Gets one count at a time. */
    @FunctionalInterface
    interface Visitor {
        void visit(String keyset, boolean isJoin, String cause, LongAdder count);
    }

    void count(SubscribeKey key, PresenceEvent event) {
        if (event instanceof PresenceEvent.Join) {
            Causes.count(causes(key).joins, event.cause());
        } else if (event instanceof PresenceEvent.Departed) {
            Causes.count(causes(key).departures, event.cause());
        }
    }

    private Causes causes(SubscribeKey key) {
        Causes known = byKey.get(key);
        if (known != null) {
            return known;
        }
        return byKey.size() < MOST_KEYSETS ? byKey.computeIfAbsent(key, absent -> new Causes()) : others;
    }

    void visit(Visitor visitor) {
        byKey.forEach((key, causes) -> visit(key.value(), causes, visitor));
        visit(OTHERS, others, visitor);
    }

    private static void visit(String keyset, Causes causes, Visitor visitor) {
        causes.joins.forEach((cause, count) -> visitor.visit(keyset, true, cause, count));
        causes.departures.forEach((cause, count) -> visitor.visit(keyset, false, cause, count));
    }
}

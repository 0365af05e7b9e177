package dev.rollcall.server;

import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log, in one line for all that happened since the last, when a budget refuses or forgets something. Used by one thread. */
final class MemoryWatch {
    private static final Logger log = LoggerFactory.getLogger(MemoryWatch.class);
    private static final long LOG_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final MemoryBudget memory;
    private final LongSupplier nanoTime;
    private final Map<MemoryKind, Long> refused = new EnumMap<>(MemoryKind.class);
    private final Map<MemoryKind, Long> forgotten = new EnumMap<>(MemoryKind.class);
    private long logAgainNanos;

    MemoryWatch(MemoryBudget memory, LongSupplier nanoTime) {
        this.memory = memory;
        this.nanoTime = nanoTime;
        logAgainNanos = nanoTime.getAsLong();
    }

    /** Looks, and logs if there is something to say and it is not too soon. */
    void run() {
        long now = nanoTime.getAsLong();
        if (now - logAgainNanos < 0) {
            return;
        }
        String refusals = grown(refused, memory::refusals);
        String forgettings = grown(forgotten, memory::forgotten);
        if (refusals.isEmpty() && forgettings.isEmpty()) {
            return;
        }
        logAgainNanos = now + LOG_NANOS;
        log.warn(
                "the memory-budget is used up used={} budget={} refused=[{}] forgotten=[{}]",
                memory.used(),
                memory.limit(),
                refusals,
                forgettings);
    }

    private static String grown(Map<MemoryKind, Long> before, ToLongFunction<MemoryKind> count) {
        StringJoiner grown = new StringJoiner(" ");
        for (MemoryKind kind : MemoryKind.values()) {
            long now = count.applyAsLong(kind);
            Long last = before.put(kind, now);
            long more = last == null ? now : now - last;
            if (more > 0) {
                grown.add(kind.label() + "=" + more);
            }
        }
        return grown.toString();
    }
}

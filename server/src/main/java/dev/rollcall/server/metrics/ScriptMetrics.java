package dev.rollcall.server.metrics;

import dev.rollcall.engine.redis.ScriptListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts the calls of Redis scripts, with the time until Redis had answered. Safe from any thread. */
public final class ScriptMetrics implements ScriptListener {
    private final Map<String, Count> counts = new ConcurrentHashMap<>();

    ScriptMetrics() {}

    /** The calls of one script. */
    static final class Count {
        private final LongAdder calls = new LongAdder();
        private final LongAdder nanos = new LongAdder();
        private final LongAdder failures = new LongAdder();

        long calls() {
            return calls.sum();
        }

        double seconds() {
            return nanos.sum() / 1e9;
        }

        LongAdder failures() {
            return failures;
        }
    }

    Map<String, Count> counts() {
        return counts;
    }

    @Override
    public Call onCall(String script) {
        Count count = counts.computeIfAbsent(script, name -> new Count());
        long from = System.nanoTime();
        return failed -> {
            count.calls.increment();
            count.nanos.add(System.nanoTime() - from);
            if (failed) {
                count.failures.increment();
            }
        };
    }
}

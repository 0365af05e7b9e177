package dev.rollcall.bench.soak;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts by name. Safe from any thread. */
final class Counts {
    private final ConcurrentHashMap<String, LongAdder> adders = new ConcurrentHashMap<>();

    void add(String name) {
        add(name, 1);
    }

    void add(String name, long amount) {
        adders.computeIfAbsent(name, fresh -> new LongAdder()).add(amount);
    }

    long get(String name) {
        LongAdder adder = adders.get(name);
        return adder == null ? 0 : adder.sum();
    }

    /** Returns the counts whose names begin like this, the beginning left out. */
    Map<String, Long> under(String prefix) {
        Map<String, Long> found = new TreeMap<>();
        adders.forEach((name, adder) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), adder.sum());
            }
        });
        return found;
    }
}

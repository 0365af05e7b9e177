package dev.rollcall.server.limit;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How many of something each key has open. Holds keys that have some, and no others. Safe from any thread. */
final class Tally<K> {
    private final ConcurrentHashMap<K, Integer> counts = new ConcurrentHashMap<>();

    /** Counts one more and returns true, unless the key has {@code limit} already. */
    boolean tryEnter(K key, int limit) {
        if (counts.merge(key, 1, Integer::sum) <= limit) {
            return true;
        }
        leave(key);
        return false;
    }

    /** Counts one less. */
    void leave(K key) {
        counts.computeIfPresent(key, Tally::oneLess);
    }

    private static <K> @Nullable Integer oneLess(K key, Integer count) {
        return count > 1 ? count - 1 : null;
    }

    /** Returns the number of keys that have some. */
    int size() {
        return counts.size();
    }
}

package dev.rollcall.engine.redis;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Does something for each of many on one thread, some at a time, so that what else waits for that thread gets its turn. */
final class Turns {
    /** How many are done in one turn; some hundred microseconds. */
    static final int AT_ONCE = 500;

    private Turns() {}

    /** Does it for the first now, on whose thread this is called, and for the others later, in order. */
    static <T> void each(Executor thread, List<T> items, Consumer<? super T> action) {
        from(thread, items, 0, action);
    }

    private static <T> void from(Executor thread, List<T> items, int first, Consumer<? super T> action) {
        int end = Math.min(items.size(), first + AT_ONCE);
        if (end < items.size()) {
            // Before, so that one that fails does not keep the others from theirs.
            thread.execute(() -> from(thread, items, end, action));
        }
        for (T item : items.subList(first, end)) {
            action.accept(item);
        }
    }
}

package dev.rollcall.engine.directory;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param <T> the entries
 * @param items the entries, in order
 * @param next where the next page begins, to be handed back as it is; null if this is the last
 * @param partial whether there may be more that the engine could not, or did not take the time to, find
 */
public record Page<T>(List<T> items, @Nullable String next, boolean partial) {
    /** Copies the list. */
    public Page {
        items = List.copyOf(items);
    }

    /** Returns a page with nothing on it, and nothing after it. */
    public static <T> Page<T> empty() {
        return new Page<>(List.of(), null, false);
    }

    /** Returns the same page of something else. */
    public <R> Page<R> map(Function<? super T, ? extends R> made) {
        return new Page<>(items.stream().<R>map(made).toList(), next, partial);
    }
}

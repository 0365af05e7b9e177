package dev.rollcall.engine.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Waits for several things at once. */
final class Stages {
    private Stages() {}

    /** Returns all results, in order, once all are there; fails as the first of those that fail. */
    static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> parts) {
        if (parts.size() == 1) {
            return parts.get(0).thenApply(List::of);
        }
        return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> {
                    List<T> results = new ArrayList<>(parts.size());
                    for (CompletableFuture<T> part : parts) {
                        results.add(part.join());
                    }
                    return results;
                });
    }

    /** Completes once all are complete. */
    static CompletableFuture<Void> done(List<? extends CompletableFuture<?>> parts) {
        return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
    }
}

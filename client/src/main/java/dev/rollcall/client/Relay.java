package dev.rollcall.client;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Hands the outcome of a future on to another one, on another thread. */
final class Relay {
    private Relay() {}

    /** Returns a future that ends as {@code source} does, completed by {@code executor}; cancelling it cancels {@code source}. */
    static <T> CompletableFuture<T> on(Executor executor, CompletableFuture<T> source) {
        CompletableFuture<T> relayed = new CompletableFuture<>();
        source.whenCompleteAsync(
                (value, failure) -> {
                    if (failure == null) {
                        relayed.complete(value);
                    } else if (failure instanceof CancellationException) {
                        relayed.cancel(false);
                    } else {
                        relayed.completeExceptionally(failure);
                    }
                },
                executor);
        relayed.whenComplete((value, failure) -> {
            if (relayed.isCancelled()) {
                source.cancel(true);
            }
        });
        return relayed;
    }
}

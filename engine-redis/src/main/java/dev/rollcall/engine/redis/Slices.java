package dev.rollcall.engine.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/** Does something for each of many, a few at a time, so that one request does not keep Redis from the others. */
final class Slices {
    /** How much of one request is on its way at once. */
    static final int AT_ONCE = 64;

    private Slices() {}

    /** Does it for all; begins no more after a failure, with which it ends then. */
    static <T> CompletableFuture<Void> each(
            List<T> items, int atOnce, Function<? super T, ? extends CompletableFuture<?>> work) {
        if (items.size() == 1) {
            return work.apply(items.get(0)).thenApply(done -> null);
        }
        Run<T> run = new Run<>(items, work);
        run.start(Math.min(atOnce, items.size()));
        return run.result;
    }

    /** Does it for all and returns what came of each, in order. */
    static <T, R> CompletableFuture<List<R>> map(
            List<T> items, int atOnce, Function<? super T, CompletableFuture<R>> work) {
        AtomicReferenceArray<R> results = new AtomicReferenceArray<>(items.size());
        List<Integer> places = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            places.add(i);
        }
        return each(places, atOnce, i -> work.apply(items.get(i)).thenAccept(result -> results.set(i, result)))
                .thenApply(done -> {
                    List<R> list = new ArrayList<>(items.size());
                    for (int i = 0; i < items.size(); i++) {
                        list.add(results.get(i));
                    }
                    return list;
                });
    }

    private static final class Run<T> {
        private final List<T> items;
        private final Function<? super T, ? extends CompletableFuture<?>> work;
        private final CompletableFuture<Void> result = new CompletableFuture<>();
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger active = new AtomicInteger();

        Run(List<T> items, Function<? super T, ? extends CompletableFuture<?>> work) {
            this.items = items;
            this.work = work;
        }

        void start(int runners) {
            if (runners == 0) {
                result.complete(null);
                return;
            }
            active.set(runners);
            for (int i = 0; i < runners; i++) {
                goOn();
            }
        }

        private void goOn() {
            for (int i = next.getAndIncrement(); i < items.size() && !result.isDone(); i = next.getAndIncrement()) {
                CompletableFuture<?> begun;
                try {
                    begun = work.apply(items.get(i));
                } catch (RuntimeException e) {
                    begun = CompletableFuture.failedFuture(e);
                }
                if (!begun.isDone()) {
                    begun.whenComplete((done, failure) -> {
                        if (failure != null) {
                            fail(failure);
                        }
                        goOn();
                    });
                    return;
                }
                begun.whenComplete((done, failure) -> {
                    if (failure != null) {
                        fail(failure);
                    }
                });
            }
            if (active.decrementAndGet() == 0) {
                result.complete(null);
            }
        }

        private void fail(Throwable failure) {
            result.completeExceptionally(
                    failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure);
        }
    }
}

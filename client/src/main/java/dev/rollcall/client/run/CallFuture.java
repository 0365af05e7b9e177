package dev.rollcall.client.run;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A future as users get them: its dependents run on the callback executor, but whoever waits for it needs no thread of that executor, so a
 * listener may wait although it occupies the last of them. Cancelling it cancels its source. Safe from any thread.
 */
public final class CallFuture<T> extends CompletableFuture<T> {
    private final CompletableFuture<T> source;
    private final Executor executor;

    private CallFuture(Executor executor, CompletableFuture<T> source) {
        this.executor = executor;
        this.source = source;
    }

    /** Returns a future that ends as {@code source} does; {@code executor} must not refuse tasks. */
    public static <T> CompletableFuture<T> on(Executor executor, CompletableFuture<T> source) {
        CallFuture<T> future = new CallFuture<>(executor, source);
        source.whenComplete((value, failure) -> executor.execute(() -> future.follow(value, failure)));
        future.whenComplete((value, failure) -> {
            if (!source.isDone()) {
                source.cancel(true);
            }
        });
        return future;
    }

    private void follow(T value, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause == null) {
            complete(value);
        } else if (cause instanceof CancellationException) {
            super.cancel(false);
        } else {
            completeExceptionally(cause);
        }
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    @Override
    public Executor defaultExecutor() {
        return executor;
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        if (!super.isDone()) {
            try {
                return source.get();
            } catch (CancellationException | ExecutionException e) {
                if (!super.isDone()) {
                    throw e;
                }
            }
        }
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (!super.isDone()) {
            try {
                return source.get(timeout, unit);
            } catch (CancellationException | ExecutionException e) {
                if (!super.isDone()) {
                    throw e;
                }
            }
        }
        return super.get(timeout, unit);
    }

    @Override
    public T join() {
        if (!super.isDone()) {
            try {
                return source.join();
            } catch (CancellationException | CompletionException e) {
                if (!super.isDone()) {
                    throw e;
                }
            }
        }
        return super.join();
    }
}

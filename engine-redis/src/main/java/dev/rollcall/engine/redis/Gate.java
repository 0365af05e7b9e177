package dev.rollcall.engine.redis;

import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Lets a few through at once; a few more wait, and the rest are refused. Safe from any thread. */
final class Gate {
    private final int most;
    private final int mostWaiting;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int inside;

    Gate(int most, int mostWaiting) {
        this.most = most;
        this.mostWaiting = mostWaiting;
    }

    /** Does some work when its turn comes. */
    <T> CompletableFuture<T> through(Supplier<CompletableFuture<T>> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable begin = () -> {
            CompletableFuture<T> begun;
            try {
                begun = work.get();
            } catch (RuntimeException e) {
                begun = CompletableFuture.failedFuture(e);
            }
            begun.whenComplete((value, failure) -> {
                leave();
                if (failure == null) {
                    result.complete(value);
                } else {
                    result.completeExceptionally(failure);
                }
            });
        };
        synchronized (this) {
            if (inside >= most) {
                if (waiting.size() >= mostWaiting) {
                    return CompletableFuture.failedFuture(new ProtocolException(ErrorCode.UNAVAILABLE));
                }
                waiting.add(begin);
                return result;
            }
            inside++;
        }
        begin.run();
        return result;
    }

    private void leave() {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                inside--;
                return;
            }
        }
        next.run();
    }
}

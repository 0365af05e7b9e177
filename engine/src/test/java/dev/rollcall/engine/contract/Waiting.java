package dev.rollcall.engine.contract;

import dev.rollcall.protocol.ProtocolException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the stages an engine returns, and not forever. */
public final class Waiting {
    private Waiting() {}

    /** Returns what a stage completes with. */
    public static <T> T on(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProtocolException refusal) {
                throw refusal;
            }
            throw new AssertionError("a stage failed", e);
        } catch (TimeoutException e) {
            throw new AssertionError("a stage did not complete", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}

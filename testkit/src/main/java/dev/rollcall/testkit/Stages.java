package dev.rollcall.testkit;

import dev.rollcall.protocol.ProtocolException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Waits for the stages of an engine, which are complete as they are returned. */
final class Stages {
    private Stages() {}

    static <T> T done(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ProtocolException refused) {
                throw refused;
            }
            throw e;
        }
    }
}

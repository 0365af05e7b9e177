package dev.rollcall.client;

import java.util.concurrent.CompletionStage;

/** Where access tokens come from: usually a call of the application's own server. */
@FunctionalInterface
public interface TokenSupplier {
    /**
     * Asks for a new token. Called on a thread of {@link dev.rollcall.client.transport.Transport#callbacks}, so it may block; one call at
     * a time. What it throws, or a stage that fails, is logged and told as a status, and it is asked again later.
     *
     * @return completes with the token
     */
    CompletionStage<String> token();
}

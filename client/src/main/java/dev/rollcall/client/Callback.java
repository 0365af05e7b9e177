package dev.rollcall.client;

import org.jspecify.annotations.Nullable;

/**
 * Told how a call ended, exactly once, on a thread of {@link dev.rollcall.client.transport.Transport#callbacks}.
 *
 * @param <R> the type of the result
 */
@FunctionalInterface
public interface Callback<R> {
    /**
     * Called when the call has ended.
     *
     * @param result what was asked for, or null if the call failed
     * @param status how it went; {@link Status#error} says why it failed
     */
    void done(@Nullable R result, Status status);
}

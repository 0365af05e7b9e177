package dev.rollcall.client;

/**
 * The outcome of a call that succeeded.
 *
 * @param <R> the type of the result
 * @param result what was asked for
 * @param status how it went; never an error here, since a failed call has no envelope but an exception
 */
public record Envelope<R>(R result, Status status) {}

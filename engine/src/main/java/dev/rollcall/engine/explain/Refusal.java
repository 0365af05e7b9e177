package dev.rollcall.engine.explain;

/**
 * A request of a user that was refused of late. Servers know of these, engines do not.
 *
 * @param atMillis when, in milliseconds since the Unix epoch
 * @param status the HTTP status
 * @param reason why, in a few words: {@code token revoked}
 */
public record Refusal(long atMillis, int status, String reason) {}

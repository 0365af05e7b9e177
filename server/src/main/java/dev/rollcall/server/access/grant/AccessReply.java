package dev.rollcall.server.access.grant;

/**
 * An answer to whoever grants, audits or revokes.
 *
 * @param status the HTTP status
 * @param body the body, a line of JSON; not to be changed
 */
public record AccessReply(int status, byte[] body) {}

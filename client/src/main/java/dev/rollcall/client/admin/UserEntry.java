package dev.rollcall.client.admin;

/**
 * A user who is present somewhere.
 *
 * @param user who
 * @param channels in how many channels
 */
public record UserEntry(String user, int channels) {}

package dev.rollcall.engine.directory;

import dev.rollcall.protocol.UserId;

/**
 * A user who is present somewhere.
 *
 * @param user who
 * @param channels in how many channels
 */
public record UserView(UserId user, int channels) {}

package dev.rollcall.protocol;

import org.jspecify.annotations.Nullable;

/**
 * One user in one channel.
 *
 * @param user who
 * @param state what he carries there, or null if nothing
 */
public record Occupant(UserId user, @Nullable State state) {}

package dev.rollcall.protocol;

import org.jspecify.annotations.Nullable;

/**
 * One user in one channel.
 *
 * @param user who
 * @param state the user's state there, or null if there is none
 */
public record Occupant(UserId user, @Nullable State state) {}

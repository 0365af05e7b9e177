package dev.rollcall.client.roster;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One user in a roster.
 *
 * @param uuid who
 * @param state what the user carries there; null if nothing
 * @param <S> the type of states
 */
public record RosterOccupant<S>(String uuid, @Nullable S state) {
    /** Refuses a missing user id. */
    public RosterOccupant {
        requireNonNull(uuid, "uuid");
    }
}

package dev.rollcall.client.roster;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What changed in a roster. Applied in the order in which they come, changes give the roster: the first that anybody is told of is a
 * {@link Loaded}, and what a reload finds different is told as if it had happened then.
 *
 * @param <S> the type of states
 */
public sealed interface RosterChange<S> {
    /**
     * The roster is as the service has it, for the first time or again after an outage or a gap.
     *
     * @param occupants all who are here
     * @param <S> the type of states
     */
    record Loaded<S>(List<RosterOccupant<S>> occupants) implements RosterChange<S> {
        /** Copies the list. */
        public Loaded {
            occupants = List.copyOf(occupants);
        }
    }

    /**
     * Somebody is here who was not.
     *
     * @param occupant who, with the state if any
     * @param <S> the type of states
     */
    record Joined<S>(RosterOccupant<S> occupant) implements RosterChange<S> {
        /** Refuses a missing occupant. */
        public Joined {
            requireNonNull(occupant, "occupant");
        }
    }

    /**
     * Somebody is gone.
     *
     * @param occupant who, with the last state
     * @param timedOut whether for want of a sign of life; false also where that is not known
     * @param <S> the type of states
     */
    record Left<S>(RosterOccupant<S> occupant, boolean timedOut) implements RosterChange<S> {
        /** Refuses a missing occupant. */
        public Left {
            requireNonNull(occupant, "occupant");
        }
    }

    /**
     * Somebody carries another state now.
     *
     * @param occupant who, with the new state
     * @param before the state before, or null if there was none
     * @param <S> the type of states
     */
    record StateChanged<S>(
            RosterOccupant<S> occupant, @Nullable S before) implements RosterChange<S> {
        /** Refuses a missing occupant. */
        public StateChanged {
            requireNonNull(occupant, "occupant");
        }
    }
}

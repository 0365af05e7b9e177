package dev.rollcall.engine;

import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.util.Map;

/**
 * "I am still here": joins whoever is not present and prolongs the lease of whoever is.
 *
 * @param key the keyset
 * @param user who
 * @param targets where
 * @param timeoutSeconds how long the lease shall last, 0 for what the user asked for last or else the keyset's presence timeout
 * @param states the states that ride along, by name of a channel or channel group; a channel not named keeps its state
 */
public record Heartbeat(SubscribeKey key, UserId user, Targets targets, int timeoutSeconds, Map<String, State> states) {
    /** Copies the states. */
    public Heartbeat {
        states = Map.copyOf(states);
    }
}

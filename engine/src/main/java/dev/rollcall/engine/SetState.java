package dev.rollcall.engine;

import dev.rollcall.protocol.State;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;

/**
 * Replaces what a user carries in channels, whether they are present there or not.
 *
 * @param key the keyset
 * @param user whose state
 * @param targets where
 * @param state the whole new state; {@code {}} clears it
 */
public record SetState(SubscribeKey key, UserId user, Targets targets, State state) {}

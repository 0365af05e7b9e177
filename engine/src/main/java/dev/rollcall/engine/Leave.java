package dev.rollcall.engine;

import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;

/**
 * "I am going": takes a user off channels at once, whatever other devices of theirs do.
 *
 * @param key the keyset
 * @param user who
 * @param targets which channels
 */
public record Leave(SubscribeKey key, UserId user, Targets targets) {}

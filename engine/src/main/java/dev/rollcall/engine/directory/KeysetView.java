package dev.rollcall.engine.directory;

import dev.rollcall.protocol.SubscribeKey;

/**
 * A keyset in use.
 *
 * @param key the keyset
 * @param channels channels with an occupant
 * @param occupants pairs of a user and a channel they are present in
 * @param groups channel groups
 */
public record KeysetView(SubscribeKey key, long channels, long occupants, long groups) {}

package dev.rollcall.engine.embedded;

import dev.rollcall.protocol.State;
import org.jspecify.annotations.Nullable;

/**
 * A join by explicit heartbeat that its user may not have heard yet.
 *
 * @param lease what began
 * @param occupancy the occupancy after it
 * @param state the state that came with it, or null
 * @param timetoken its position, whether it stands in a feed or not
 * @param at when, in milliseconds of the monotonic clock
 * @param epochMillis when, in milliseconds since the Unix epoch
 */
record UnheardJoin(Lease lease, int occupancy, @Nullable State state, long timetoken, long at, long epochMillis) {}

package dev.rollcall.engine.embedded;

/**
 * A join by explicit heartbeat that its user may not have heard yet.
 *
 * @param lease what began
 * @param occupancy the occupancy after it
 * @param posted whether the event stands in the feed of the presence channel
 * @param timetoken its position, whether it stands there or not
 * @param at when, in milliseconds of the monotonic clock
 * @param epochMillis when, in milliseconds since the Unix epoch
 */
record UnheardJoin(Lease lease, int occupancy, boolean posted, long timetoken, long at, long epochMillis) {}

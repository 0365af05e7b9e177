package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineTime;

/**
 * What time it is at Redis, as this node knows it from its last answer: what is older than Redis keeps it is forgotten by that clock, not
 * by that of the node, which may be wrong. Safe from any thread.
 */
final class RedisClock {
    private final EngineTime time;
    private volatile long ahead;

    RedisClock(EngineTime time) {
        this.time = time;
        ahead = time.epochMillis() - time.monotonicMillis();
    }

    /** Redis says that it is {@code epochMillis} now. */
    void told(long epochMillis) {
        ahead = epochMillis - time.monotonicMillis();
    }

    /** Returns the milliseconds since the Unix epoch. */
    long epochMillis() {
        return time.monotonicMillis() + ahead;
    }
}

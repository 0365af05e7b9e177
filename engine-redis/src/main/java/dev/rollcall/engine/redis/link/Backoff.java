package dev.rollcall.engine.redis.link;

import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next attempt: soon at first, never more than a second, and no two nodes at the same moment. */
final class Backoff {
    private static final long FIRST_MILLIS = 40;
    private static final long MOST_MILLIS = 1000;

    private long millis = FIRST_MILLIS;

    /** Returns the next delay. */
    long next() {
        long most = millis;
        millis = Math.min(MOST_MILLIS, millis * 2);
        return most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1);
    }

    /** An attempt has succeeded. */
    void reset() {
        millis = FIRST_MILLIS;
    }
}

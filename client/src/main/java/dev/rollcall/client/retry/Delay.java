package dev.rollcall.client.retry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before an attempt, by how many have failed in a row. Safe from any thread, without state. */
@FunctionalInterface
public interface Delay {
    /**
     * Returns how long to wait before the next attempt; never negative.
     *
     * @param attempt how many attempts have been waited for already since the last success, 0 for the first
     */
    Duration before(int attempt);

    /** Returns the same delay before every attempt. */
    static Delay constant(Duration delay) {
        return new ConstantDelay(delay);
    }

    /** Returns a delay that starts at {@code first} and doubles with every attempt up to {@code limit}. */
    static Delay exponential(Duration first, Duration limit) {
        return new ExponentialDelay(first, limit);
    }

    /** Returns a delay drawn anew each time between nothing and what {@link #exponential} says: it scatters clients best. */
    static Delay fullJitter(Duration first, Duration limit) {
        return new FullJitterDelay(
                exponential(first, limit), () -> ThreadLocalRandom.current().nextDouble());
    }

    /** Returns a delay drawn anew each time between half and the whole of what {@link #exponential} says. */
    static Delay equalJitter(Duration first, Duration limit) {
        return new EqualJitterDelay(
                exponential(first, limit), () -> ThreadLocalRandom.current().nextDouble());
    }
}

package dev.rollcall.client.retry;

import java.time.Duration;

/** The same delay before every attempt. */
record ConstantDelay(Duration delay) implements Delay {
    ConstantDelay {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay: " + delay + " (expected: >= 0)");
        }
    }

    @Override
    public Duration before(int attempt) {
        return delay;
    }
}

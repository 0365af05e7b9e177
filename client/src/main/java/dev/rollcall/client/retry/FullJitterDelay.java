package dev.rollcall.client.retry;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** A delay drawn evenly between nothing and a bound. */
record FullJitterDelay(Delay bound, DoubleSupplier random) implements Delay {
    @Override
    public Duration before(int attempt) {
        return Duration.ofNanos((long) (bound.before(attempt).toNanos() * random.getAsDouble()));
    }
}

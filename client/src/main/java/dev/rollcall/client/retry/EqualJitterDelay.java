package dev.rollcall.client.retry;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** A delay drawn evenly between half and the whole of a bound. */
record EqualJitterDelay(Delay bound, DoubleSupplier random) implements Delay {
    @Override
    public Duration before(int attempt) {
        long half = bound.before(attempt).toNanos() / 2;
        return Duration.ofNanos(half + (long) (half * random.getAsDouble()));
    }
}

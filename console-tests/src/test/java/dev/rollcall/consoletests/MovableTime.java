package dev.rollcall.consoletests;

import dev.rollcall.engine.EngineTime;
import java.util.concurrent.atomic.AtomicLong;

/** The clocks of the machine, which a test can put forward. */
final class MovableTime implements EngineTime {
    private final AtomicLong aheadMillis = new AtomicLong();

    void advance(long millis) {
        aheadMillis.addAndGet(millis);
    }

    @Override
    public long epochMillis() {
        return EngineTime.system().epochMillis() + aheadMillis.get();
    }

    @Override
    public long monotonicMillis() {
        return EngineTime.system().monotonicMillis() + aheadMillis.get();
    }

    @Override
    public long elapsedMillis() {
        return EngineTime.system().elapsedMillis() + aheadMillis.get();
    }
}

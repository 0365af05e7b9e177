package dev.rollcall.engine.contract;

import dev.rollcall.engine.EngineTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Clocks that stand still until a test moves them. Safe from any thread. */
public final class ManualTime implements EngineTime {
    /** Where the wall clock starts. */
    public static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final AtomicLong epochMillis = new AtomicLong(START.toEpochMilli());
    private final AtomicLong monotonicMillis;

    /** Starts at an unremarkable moment. */
    public ManualTime() {
        this(7_000_000);
    }

    /** Starts the monotonic clock at {@code monotonicMillis}, any number at all. */
    public ManualTime(long monotonicMillis) {
        this.monotonicMillis = new AtomicLong(monotonicMillis);
    }

    @Override
    public long epochMillis() {
        return epochMillis.get();
    }

    @Override
    public long monotonicMillis() {
        return monotonicMillis.get();
    }

    /** Moves both clocks forward. */
    public void advance(Duration time) {
        monotonicMillis.addAndGet(time.toMillis());
        epochMillis.addAndGet(time.toMillis());
    }

    /** Sets the wall clock alone, forward or back, as an administrator may. */
    public void setWallClock(Instant moment) {
        epochMillis.set(moment.toEpochMilli());
    }
}

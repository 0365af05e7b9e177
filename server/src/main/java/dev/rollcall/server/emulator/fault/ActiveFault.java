package dev.rollcall.server.emulator.fault;

import java.time.Duration;
import java.util.Random;

/** A fault that was added, and how often it has happened. Safe from any thread. */
public final class ActiveFault {
    private final String id;
    private final Fault fault;
    private final long untilMillis;
    private final Random chance;
    private long passed;
    private int hits;
    private volatile boolean isEnded;

    ActiveFault(String id, Fault fault, long nowMillis) {
        this.id = id;
        this.fault = fault;
        Duration length = fault.bounds().length();
        untilMillis = length == null ? Long.MAX_VALUE : nowMillis + length.toMillis();
        Long seed = fault.bounds().seed();
        chance = seed == null ? new Random() : new Random(seed);
    }

    /** Returns its name. */
    public String id() {
        return id;
    }

    /** Returns the fault. */
    public Fault fault() {
        return fault;
    }

    /** Returns how many requests it has met. */
    public synchronized int hits() {
        return hits;
    }

    /** Returns whether it was taken away, or its time is over: what it has met goes on as if it had not. */
    public boolean isEnded() {
        return isEnded;
    }

    void end() {
        isEnded = true;
    }

    long untilMillis() {
        return untilMillis;
    }

    boolean isOver(long nowMillis) {
        return untilMillis <= nowMillis;
    }

    /** Returns whether a request meets it, and counts that. */
    synchronized boolean meets(Asked asked) {
        FaultBounds bounds = fault.bounds();
        if (hits >= bounds.times() || !fault.match().includes(asked)) {
            return false;
        }
        if (passed < bounds.after()) {
            passed++;
            return false;
        }
        if (bounds.probability() < 1 && chance.nextDouble() >= bounds.probability()) {
            return false;
        }
        hits++;
        return true;
    }

    /** Returns how long an answer is put off, by chance where there is jitter. */
    public synchronized Duration delay(FaultEffect.Delay effect) {
        long jitter = effect.jitter().toMillis();
        return jitter == 0 ? effect.by() : effect.by().plusMillis((long) (chance.nextDouble() * (jitter + 1)));
    }
}

package dev.rollcall.server.emulator;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.daemon.DaemonThread;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The clock of an emulated server: stands still until it is moved, or runs. However it moves, it goes from one moment at which something
 * is due to the next and has that done before it goes on; so whatever happens carries the millisecond at which it was due, however far
 * the clock is moved at once. What clients ask for meanwhile happens at some moment on the way. Safe from any thread; whoever moves it
 * waits until another has finished.
 */
public final class EmulatorClock implements EngineTime {
    /** The farthest that the clock is moved at once. */
    public static final Duration FARTHEST = Duration.ofDays(30);

    /** The fastest that it runs, in seconds a second. */
    public static final int FASTEST = 1000;

    private static final Duration PERIOD = Duration.ofMillis(10);
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Past the end of the year 9999 timetokens would not have 17 digits for long. */
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    private final ReentrantLock moving = new ReentrantLock();
    private final LongSupplier nanoTime;
    private final Work work;
    private final AtomicLong epochMillis = new AtomicLong();

    // Written under the lock.
    private volatile boolean isRunning;
    private volatile int speed = 1;

    // Under the lock.
    private long ranFromMillis;
    private long ranFromNanos;
    private @Nullable DaemonThread thread;

    /** What is to be done by time. Called by whoever moves the clock, one call at a time. */
    interface Work {
        /** Returns the next moment at which something is due, in milliseconds since the epoch, or {@link Long#MAX_VALUE}. */
        long nextDueMillis();

        /** Has those give a sign of life who would time out at this moment, and are kept. */
        void keep(Keeping keeping, long nowMillis);

        /** Does all that is due. */
        void run();
    }

    EmulatorClock(Instant start, LongSupplier nanoTime, Work work) {
        requireSensible(start);
        this.nanoTime = nanoTime;
        this.work = work;
        epochMillis.set(start.toEpochMilli());
    }

    private static void requireSensible(Instant moment) {
        if (moment.isBefore(Instant.EPOCH) || moment.isAfter(LATEST)) {
            throw new IllegalArgumentException(
                    "clock: " + moment + " (expected: " + Instant.EPOCH + " to " + LATEST + ")");
        }
    }

    @Override
    public long epochMillis() {
        return epochMillis.get();
    }

    @Override
    public long monotonicMillis() {
        return epochMillis.get();
    }

    /** Returns the time it shows. */
    public Instant now() {
        return Instant.ofEpochMilli(epochMillis.get());
    }

    /** Returns whether it runs by itself. */
    public boolean isRunning() {
        return isRunning;
    }

    /** Returns how fast it runs, in seconds a second, if it does. */
    public int speed() {
        return speed;
    }

    /** Stops it at the time it shows. */
    public void freeze() {
        moving.lock();
        try {
            if (isRunning) {
                follow();
                isRunning = false;
            }
        } finally {
            moving.unlock();
        }
    }

    /**
     * Has it run from the time it shows.
     *
     * @param secondsPerSecond how fast, 1 to {@value #FASTEST}
     */
    public void run(int secondsPerSecond) {
        if (secondsPerSecond < 1 || secondsPerSecond > FASTEST) {
            throw new IllegalArgumentException("speed: " + secondsPerSecond + " (expected: 1.." + FASTEST + ")");
        }
        moving.lock();
        try {
            DaemonThread running = thread;
            if (running == null) {
                throw new IllegalStateException("clock: belongs to no server that runs (expected: one that does)");
            }
            if (isRunning) {
                follow();
            }
            speed = secondsPerSecond;
            ranFromMillis = epochMillis.get();
            ranFromNanos = nanoTime.getAsLong();
            if (!isRunning) {
                isRunning = true;
                running.schedule(PERIOD, this::tick);
            }
        } finally {
            moving.unlock();
        }
    }

    private void tick() {
        moving.lock();
        try {
            DaemonThread running = thread;
            if (!isRunning || running == null) {
                return;
            }
            try {
                follow();
            } finally {
                running.schedule(PERIOD, this::tick);
            }
        } finally {
            moving.unlock();
        }
    }

    /** Goes to where a clock that runs is by now. */
    private void follow() {
        long passed = (nanoTime.getAsLong() - ranFromNanos) / NANOS_PER_MILLI;
        move(Math.max(epochMillis.get(), ranFromMillis + passed * speed), Keeping.NOBODY, () -> false);
    }

    /** Gives it a thread to run on. */
    void runsOn(DaemonThread runner) {
        moving.lock();
        try {
            thread = runner;
        } finally {
            moving.unlock();
        }
    }

    /** Has it never move again. */
    void close() {
        moving.lock();
        try {
            isRunning = false;
            thread = null;
        } finally {
            moving.unlock();
        }
    }

    /**
     * Moves it, and returns when everything is done that is due by then.
     *
     * @param target where to, not before the time it shows, and at most {@link #FARTHEST} after it
     * @param keeping who gives signs of life on the way
     * @throws IllegalArgumentException if the target is out of range
     * @throws IllegalStateException if it runs by itself
     */
    public void advanceTo(Instant target, Keeping keeping) {
        var unused = advanceUntil(target, keeping, () -> false);
    }

    /** Moves it by some time, as {@link #advanceTo} does. */
    public void advance(Duration by, Keeping keeping) {
        moving.lock();
        try {
            requireFarthest(by);
            advanceTo(now().plus(by), keeping);
        } finally {
            moving.unlock();
        }
    }

    /**
     * Moves it until a condition holds, which is looked at before, and after each moment at which something happened.
     *
     * @return whether the condition holds; if so the clock stands at the first moment at which it was seen to
     */
    public boolean advanceUntil(Instant target, Keeping keeping, BooleanSupplier isEnough) {
        moving.lock();
        try {
            if (isRunning) {
                throw new IllegalStateException("clock: runs by itself (expected: frozen, to be moved by hand)");
            }
            requireSensible(target);
            Duration by = Duration.between(now(), target);
            requireFarthest(by);
            return move(target.toEpochMilli(), keeping, isEnough);
        } finally {
            moving.unlock();
        }
    }

    private static void requireFarthest(Duration by) {
        if (by.isNegative() || by.compareTo(FARTHEST) > 0) {
            throw new IllegalArgumentException("advance: by " + by + " (expected: 0 to " + FARTHEST + ")");
        }
    }

    /** Runs an action while the clock does not move. */
    void whileStill(Runnable action) {
        moving.lock();
        try {
            action.run();
        } finally {
            moving.unlock();
        }
    }

    private boolean move(long target, Keeping keeping, BooleanSupplier isEnough) {
        // What is due at the moment at hand comes first: clients may have brought it since the clock was moved last.
        while (!isEnough.getAsBoolean()) {
            long due = work.nextDueMillis();
            if (due > target) {
                epochMillis.set(target);
                work.run();
                return isEnough.getAsBoolean();
            }
            // Up to the millisecond before, where nothing is due, so that timers which were put off are filed as they
            // would be if the
            // clock went by smaller steps: what is due at the same millisecond is in the same order then.
            if (due - 1 > epochMillis.get()) {
                epochMillis.set(due - 1);
                work.run();
            }
            epochMillis.accumulateAndGet(due, Math::max);
            work.keep(keeping, epochMillis.get());
            work.run();
            if (work.nextDueMillis() <= epochMillis.get()) {
                // Something is due that does not get done, or was brought this very moment. Time goes on all the same.
                if (epochMillis.get() >= target) {
                    return isEnough.getAsBoolean();
                }
                epochMillis.incrementAndGet();
            }
        }
        return true;
    }
}

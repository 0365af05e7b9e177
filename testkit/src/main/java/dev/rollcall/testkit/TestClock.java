package dev.rollcall.testkit;

import dev.rollcall.server.emulator.EmulatorClock;
import dev.rollcall.server.emulator.Keeping;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The clock of a test server. All that presence does by time goes by it: timeouts, interval events, ends of long polls, tokens and grants.
 * It stands still until it is moved, and then everything happens at the millisecond at which it is due, in order, before the move returns.
 *
 * <p>Clients do not notice that it moves: their own heartbeats go by real time. So whoever is present times out when the clock is moved by
 * more than their timeout, however alive their client is, unless the move is one that {@link #keeping keeps} them. Safe from any thread;
 * moves are made one after the other.
 */
public final class TestClock {
    private final EmulatorClock clock;
    private final Moves nobodyKept;

    TestClock(EmulatorClock clock) {
        this.clock = clock;
        nobodyKept = new Moves(Keeping.NOBODY);
    }

    /** Returns the time of the server. */
    public Instant now() {
        return clock.now();
    }

    /**
     * Moves the clock by some time in which nobody gives a sign of life. Returns when all is done that is due by then.
     *
     * @param by how far, up to 30 days
     * @throws IllegalArgumentException if it is negative, or too far
     * @throws IllegalStateException if the clock runs by itself
     */
    public void advance(Duration by) {
        nobodyKept.advance(by);
    }

    /** Moves the clock to a moment, as {@link #advance} does. */
    public void advanceTo(Instant moment) {
        nobodyKept.advanceTo(moment);
    }

    /**
     * Moves the clock until a condition holds, and no farther: the condition is looked at whenever something has happened. Waits for no
     * client.
     *
     * @param most how far at most
     * @throws AssertionError if it does not hold by then
     */
    public void advanceUntil(BooleanSupplier condition, Duration most) {
        nobodyKept.advanceUntil(condition, most);
    }

    /**
     * Returns moves during which these users do not time out: each time they would, they give a sign of life, as a client's heartbeat does.
     * Those who are {@link RollcallTestServer#silence silent} time out all the same.
     */
    public Moves keeping(String... users) {
        return new Moves(Keeping.users(List.of(users)));
    }

    /** Returns moves during which nobody times out but the silent. */
    public Moves keepingAll() {
        return new Moves(Keeping.EVERYBODY);
    }

    /** Has the clock run from the time it shows, at the speed of the real one. */
    public void runReal() {
        clock.run(1);
    }

    /**
     * Has the clock run from the time it shows.
     *
     * @param speed seconds a second, 1 to 1,000
     */
    public void run(int speed) {
        clock.run(speed);
    }

    /** Stops the clock at the time it shows. */
    public void freeze() {
        clock.freeze();
    }

    /** Returns whether the clock runs by itself. */
    public boolean isRunning() {
        return clock.isRunning();
    }

    /** Returns the time it shows. */
    @Override
    public String toString() {
        return now().toString();
    }

    /** Moves of the clock. */
    public final class Moves {
        private final Keeping keeping;

        private Moves(Keeping keeping) {
            this.keeping = keeping;
        }

        /** See {@link TestClock#advance}. */
        public void advance(Duration by) {
            clock.advance(by, keeping);
        }

        /** See {@link TestClock#advanceTo}. */
        public void advanceTo(Instant moment) {
            clock.advanceTo(moment, keeping);
        }

        /** See {@link TestClock#advanceUntil}. */
        public void advanceUntil(BooleanSupplier condition, Duration most) {
            if (!clock.advanceUntil(now().plus(most), keeping, condition)) {
                throw new AssertionError("condition: does not hold after " + most + " (expected: it to by then)");
            }
        }
    }
}

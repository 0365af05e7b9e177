package dev.rollcall.engine.embedded.work;

import dev.rollcall.engine.embedded.lock.RankedLock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Carries out {@link Effects}, with no lock held, and one after the other however deeply calls are nested: what effects lead to is queued
 * behind them. A thread does as many as make a slice; what is beyond is handed to a helper, slice by slice, so that whoever publishes to
 * ten thousand does not answer them all before others get their turn. One that fails keeps no other from being carried out.
 */
public final class Aftermath {
    /** Things that one thread does in a row where there is a helper; one that costs much counts as several. */
    public static final int SLICE = 256;

    private final @Nullable Executor helper;
    private final Failures failures;
    private final ThreadLocal<Round> rounds = ThreadLocal.withInitial(Round::new);

    /**
     * Makes one that carries out everything on the calling thread, or all but the first slice on {@code helper}.
     *
     * @param helper runs tasks one after the other or at once, never before it returns; or null
     */
    public Aftermath(@Nullable Executor helper, Failures failures) {
        this.helper = helper;
        this.failures = failures;
    }

    public void carryOut(Effects effects) {
        assert RankedLock.isNoneHeld();
        Round round = rounds.get();
        round.queue.addLast(effects);
        run(round);
    }

    private void takeOver(Deque<Effects> rest) {
        Round round = rounds.get();
        round.queue.addAll(rest);
        run(round);
    }

    private void run(Round round) {
        if (round.isRunning) {
            return;
        }
        round.isRunning = true;
        Error fatal = null;
        try {
            long left = helper == null ? Long.MAX_VALUE : SLICE;
            for (Effects effects = round.queue.peekFirst(); effects != null; effects = round.queue.peekFirst()) {
                if (effects.isDone()) {
                    round.queue.removeFirst();
                } else if (left > 0) {
                    Error failed = step(effects, round.singles);
                    left -= helper == null ? 0 : 1 + round.singles.takeCost();
                    fatal = fatal == null ? failed : fatal;
                } else {
                    left = handOver(round) && round.queue.isEmpty() ? 0 : Long.MAX_VALUE;
                }
            }
        } finally {
            round.singles.forget();
            round.isRunning = false;
        }
        if (fatal != null) {
            throw fatal;
        }
    }

    private @Nullable Error step(Effects effects, Singles singles) {
        try {
            effects.step(singles);
            return null;
        } catch (Throwable e) {
            failures.caught("an effect", e);
            return Failures.fatal(e);
        }
    }

    /** Hands all that is left to the helper, and returns whether it took it. */
    private boolean handOver(Round round) {
        Deque<Effects> rest = round.queue;
        Executor taker = helper;
        if (taker == null) {
            return false;
        }
        round.queue = new ArrayDeque<>();
        try {
            taker.execute(() -> takeOver(rest));
            return true;
        } catch (RejectedExecutionException e) {
            // It has ended with the process around it; whoever waits is answered all the same.
            round.queue = rest;
            return false;
        }
    }

    /** What one thread has to do. Knows nothing of the engine, which it must not outlive in the thread's memory. */
    private static final class Round {
        Deque<Effects> queue = new ArrayDeque<>();
        final Singles singles = new Singles();
        boolean isRunning;
    }
}

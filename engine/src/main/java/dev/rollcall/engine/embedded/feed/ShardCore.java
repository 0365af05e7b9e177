package dev.rollcall.engine.embedded.feed;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.embedded.lock.LockRank;
import dev.rollcall.engine.embedded.lock.RankedLock;
import dev.rollcall.engine.embedded.timer.TimerWheel;
import dev.rollcall.engine.embedded.work.Aftermath;
import dev.rollcall.engine.embedded.work.Effects;
import dev.rollcall.engine.embedded.work.Failures;
import dev.rollcall.engine.embedded.work.SerialQueue;
import org.jspecify.annotations.Nullable;

/**
 * What a shard is but for who is in it: a lock, a wheel of timers, the order in which its feeds were used, and what is to be done once the
 * lock is free.
 */
public abstract class ShardCore {
    /** What one thread tells the engine's listener in a row, when others bring more meanwhile; the rest is told by the clock. */
    private static final int MOST_TOLD_AT_ONCE = 4096;

    public final EngineTime time;
    public final TimerWheel wheel;
    public final RecentFeeds recent = new RecentFeeds();

    private final RankedLock lock;
    private final Aftermath aftermath;
    private final SerialQueue listening;
    private @Nullable Effects effects;

    /** Whether the engine's listener is to be told something once the lock is free. */
    private boolean tells;

    private int polls;

    /**
     * Makes an empty one.
     *
     * @param number its place among the shards
     */
    public ShardCore(int number, EngineTime time, Aftermath aftermath, Failures failures) {
        this.time = time;
        this.aftermath = aftermath;
        lock = new RankedLock(LockRank.SHARD, number);
        listening = new SerialQueue("an engine listener", MOST_TOLD_AT_ONCE, failures);
        wheel = new TimerWheel(
                time.monotonicMillis(), failure -> effects().then(() -> failures.caught("a timer", failure)));
    }

    public final void enter() {
        lock.lock();
    }

    /** Lets go of the lock and does what had to wait for that. */
    public final void exit() {
        Effects due = effects;
        boolean toTell = tells || due != null;
        effects = null;
        tells = false;
        lock.unlock();
        if (!toTell) {
            return;
        }
        try {
            listening.drain();
        } finally {
            if (due != null) {
                aftermath.carryOut(due);
            }
        }
    }

    /** Returns the place to note what is to be done once the lock is free. Lock held. */
    public final Effects effects() {
        assert lock.isHeldByCurrentThread();
        Effects gathered = effects;
        if (gathered == null) {
            gathered = new Effects();
            effects = gathered;
        }
        return gathered;
    }

    /** Runs {@code telling}, which tells a listener something, once the lock is free, and after all that was to be told before. Lock held. */
    public final void tell(Runnable telling) {
        assert lock.isHeldByCurrentThread();
        listening.add(telling);
        tells = true;
    }

    /** Takes a poll whose hold ends at {@code deadline}. Lock held. */
    public final void addPoll(ParkedPoll poll, long deadline) {
        wheel.schedule(poll, deadline);
        poll.account(1);
        polls++;
    }

    /** Lets go of a poll it took, once. Lock held. */
    final void cancelPoll(ParkedPoll poll) {
        wheel.cancel(poll);
        poll.account(-1);
        polls--;
    }

    /** Returns the number of polls. Lock held. */
    public final int pollCount() {
        return polls;
    }

    /** Tells the engine's listener what others left to be told. No lock held. */
    public final void tellTheRest() {
        listening.drain();
    }
}

package dev.rollcall.engine.embedded.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Tests run with assertions on, so whatever takes locks out of order fails there, whether or not it meets another thread. */
class RankedLockTest {
    private final RankedLock edits = new RankedLock(LockRank.GROUP_EDITS);
    private final RankedLock shard = new RankedLock(LockRank.SHARD, 3);
    private final RankedLock nextShard = new RankedLock(LockRank.SHARD, 4);
    private final RankedLock shorter = new RankedLock(LockRank.WILDCARD, 4);
    private final RankedLock longer = new RankedLock(LockRank.WILDCARD, 8);
    private final RankedLock stripe = new RankedLock(LockRank.USER_STRIPE);

    @Test
    void lock_inOrderIsTaken() {
        RankedLock[] inOrder = {edits, shard, nextShard, shorter, longer, stripe};
        for (RankedLock lock : inOrder) {
            lock.lock();
        }
        assertThat(RankedLock.isLastHeld(LockRank.USER_STRIPE)).isTrue();
        // Let go of in any order.
        for (RankedLock lock : inOrder) {
            lock.unlock();
        }
        assertThat(RankedLock.isNoneHeld()).isTrue();
    }

    @Test
    void lock_outOfOrderIsRefusedAndNotTaken() {
        refused(shard, edits);
        refused(nextShard, shard);
        refused(longer, shorter);
        refused(longer, shard);
        refused(stripe, longer);
        refused(stripe, new RankedLock(LockRank.USER_STRIPE));
    }

    @Test
    void lock_twiceIsRefused() {
        refused(shard, shard);
        refused(longer, longer);
    }

    @Test
    void unlock_ofWhatIsNotHeldIsRefused() {
        assertThatThrownBy(shard::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void locks_ofAnotherThreadDoNotCount() throws InterruptedException {
        stripe.lock();
        Thread other = new Thread(() -> {
            shard.lock();
            shard.unlock();
        });
        Throwable[] thrown = {null};
        other.setUncaughtExceptionHandler((thread, e) -> thrown[0] = e);
        other.start();
        other.join();
        stripe.unlock();
        assertThat(thrown[0]).isNull();
    }

    private static void refused(RankedLock held, RankedLock taken) {
        held.lock();
        try {
            assertThatThrownBy(taken::lock)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("lock order: " + taken);
        } finally {
            held.unlock();
        }
        assertThat(RankedLock.isNoneHeld()).isTrue();
    }
}

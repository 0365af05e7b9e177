package dev.rollcall.bench.soak;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What was published in one room, when it was acknowledged, and who got it. Messages are numbered from 0. Safe from any thread.
 */
final class Ledger {
    private final List<Long> acknowledgedNanos = new ArrayList<>();
    private final List<BitSet> received = new ArrayList<>();
    private final List<long[]> uncertain = new ArrayList<>();
    private long duplicates;

    /** Adds a member, who is to get everything from now on, and returns their number. */
    synchronized int member() {
        received.add(new BitSet());
        return received.size() - 1;
    }

    /** Returns the number of the next message, not acknowledged yet. */
    synchronized int next() {
        acknowledgedNanos.add(0L);
        return acknowledgedNanos.size() - 1;
    }

    synchronized void acknowledged(int message, long nanos) {
        acknowledgedNanos.set(message, nanos == 0 ? 1 : nanos);
    }

    synchronized void received(int member, int message) {
        BitSet mine = received.get(member);
        if (mine.get(message)) {
            duplicates++;
        }
        mine.set(message);
    }

    /** Notes that what was acknowledged between these moments may be lost. */
    synchronized void uncertain(long fromNanos, long toNanos) {
        uncertain.add(new long[] {fromNanos, toNanos});
    }

    synchronized long duplicates() {
        return duplicates;
    }

    synchronized long acknowledgedCount() {
        return acknowledgedNanos.stream().filter(nanos -> nanos != 0).count();
    }

    synchronized long deliveries() {
        return received.stream().mapToLong(BitSet::cardinality).sum();
    }

    /** Returns how many deliveries are missing: of messages that must not be lost, or of those that may. */
    synchronized long missing(boolean thatMayBe) {
        long missing = 0;
        for (int message = 0; message < acknowledgedNanos.size(); message++) {
            long nanos = acknowledgedNanos.get(message);
            if (nanos == 0 || isUncertain(nanos) != thatMayBe) {
                continue;
            }
            for (BitSet mine : received) {
                missing += mine.get(message) ? 0 : 1;
            }
        }
        return missing;
    }

    private boolean isUncertain(long nanos) {
        return uncertain.stream().anyMatch(span -> nanos - span[0] >= 0 && span[1] - nanos >= 0);
    }
}

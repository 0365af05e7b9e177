package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.redis.link.Link;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.function.IntPredicate;

/**
 * How far this node knows each partition to be complete: everything up to the watermark has arrived on every topic it follows there. News
 * raises it, for the news of one partition arrives in the order it was told. Where there is none, a fence does, which raises the clock of
 * the partition and is told to this node as news: so what comes after it in the partition is later, and what is earlier has arrived before
 * it. Owned by the hub's thread.
 */
final class Watermarks {
    /**
     * How many fences this node asks for in a second at most, and how many at one moment. Where all its partitions have news all the time each
     * answer would want a fence of each of them, and a hundred nodes would have Redis do nothing else. What is one too many is asked with one
     * of the next ticks, once for all that waits for it by then.
     */
    private static final int MOST_A_SECOND = 2000;

    private static final int MOST_AT_ONCE = 256;

    /** For how many looks, a second or so apart, a fence that was told may be missing before the connection is suspected. */
    private static final int MOST_LATE = 8;

    private final long[] known;
    private final long[] needed;
    private final boolean[] asked;

    /** Up to where Redis says it has told a fence. */
    private final long[] told;

    private final int[] late;
    private final int[] marks;
    private int mark;
    private final EngineTime time;

    /** How many fences may be asked for at once, when that was so, and whose turn it is of the partitions that wait. */
    private double allowance = MOST_AT_ONCE;

    private long allowedAt;
    private boolean bounded = true;
    private final BitSet postponed = new BitSet();
    private int turn;
    private final Scripts scripts;
    private final Names names;
    private final Executor hub;
    private final Link link;

    /** Whether the fences of a partition are heard, so that one that is missing is missed. */
    private IntPredicate isHeard = partition -> false;

    /** For each partition, the polls with something to deliver that is not known to be next. */
    private final List<PriorityQueue<Wait>> waits = new ArrayList<>();

    Watermarks(Scripts scripts, Link link, Names names, EngineTime time, Executor hub) {
        this.time = time;
        allowedAt = time.monotonicMillis();
        this.scripts = scripts;
        this.link = link;
        this.names = names;
        this.hub = hub;
        int partitions = names.partitions();
        known = new long[partitions];
        needed = new long[partitions];
        asked = new boolean[partitions];
        told = new long[partitions];
        late = new int[partitions];
        marks = new int[partitions];
        for (int partition = 0; partition < partitions; partition++) {
            waits.add(new PriorityQueue<>(Comparator.comparingLong(Wait::timetoken)));
        }
    }

    /** That a poll waits for a partition to be known up to a timetoken; worth nothing once the poll waits for something else. */
    private record Wait(ParkedPoll poll, long timetoken, int number) {
        boolean isCurrent() {
            return poll.wait == number && poll.isOpen();
        }
    }

    /** To be called once, by whoever follows the fences. */
    void hearOn(IntPredicate heard) {
        isHeard = heard;
    }

    /** The fences of a partition are heard from here on. */
    void onHeard(int partition) {
        if (!waits.get(partition).isEmpty() && known[partition] < needed[partition]) {
            ask(partition);
        }
    }

    long[] known() {
        return known;
    }

    /** Notes that everything of a partition has arrived up to {@code timetoken}; returns the polls that waited for no more than that. */
    List<ParkedPoll> advance(int partition, long timetoken) {
        if (timetoken <= known[partition]) {
            return List.of();
        }
        known[partition] = timetoken;
        PriorityQueue<Wait> queue = waits.get(partition);
        Wait first = queue.peek();
        if (first == null || first.timetoken > timetoken) {
            return List.of();
        }
        List<ParkedPoll> again = new ArrayList<>();
        while (first != null && first.timetoken <= timetoken) {
            queue.remove();
            if (first.isCurrent() && --first.poll.lacking == 0) {
                again.add(first.poll);
            }
            first = queue.peek();
        }
        return again;
    }

    /** Has {@code poll} looked at again when all it listens to is known up to {@code timetoken}. */
    void await(ParkedPoll poll, long timetoken) {
        poll.wait++;
        poll.lacking = 0;
        mark++;
        for (Feed.Subscription subscription : poll.subscriptions) {
            for (Topic topic : subscription.feed.topics) {
                int partition = topic.partition;
                if (marks[partition] != mark && Math.max(topic.readTo, known[partition]) < timetoken) {
                    marks[partition] = mark;
                    poll.lacking++;
                    waits.get(partition).add(new Wait(poll, timetoken, poll.wait));
                    need(partition, timetoken);
                }
            }
        }
    }

    void forget(ParkedPoll poll) {
        poll.wait++;
    }

    /** Sees to it that a partition is known up to {@code timetoken} soon. */
    void need(int partition, long timetoken) {
        needed[partition] = Math.max(needed[partition], timetoken);
        ask(partition);
    }

    private void ask(int partition) {
        if (asked[partition]) {
            return;
        }
        if (isAllowed()) {
            send(partition);
        } else {
            postponed.set(partition);
        }
    }

    /** Has as many fences asked for as are wanted; for tests, in which no time passes by itself. */
    void askForAll() {
        bounded = false;
    }

    /** Returns whether another fence may be asked for, which it is then. */
    private boolean isAllowed() {
        if (!bounded) {
            return true;
        }
        long now = time.monotonicMillis();
        allowance = Math.min(MOST_AT_ONCE, allowance + (now - allowedAt) * MOST_A_SECOND / 1000.0);
        allowedAt = now;
        if (allowance < 1) {
            return false;
        }
        allowance--;
        return true;
    }

    /** Asks for fences that were one too many before, in turn. To be called with every tick. */
    void tick() {
        for (int left = postponed.cardinality(); left > 0 && isAllowed(); left--) {
            int partition = postponed.nextSetBit(turn);
            if (partition < 0) {
                partition = postponed.nextSetBit(0);
            }
            postponed.clear(partition);
            turn = partition + 1;
            if (known[partition] < needed[partition]) {
                send(partition);
            }
        }
    }

    private void send(int partition) {
        if (asked[partition]) {
            return;
        }
        asked[partition] = true;
        boolean heard = isHeard.test(partition);
        byte[][] keys = {names.last(partition)};
        byte[][] arguments = Scripts.values(Long.toString((needed[partition] + 9) / 10), names.fences(partition));
        scripts.timetoken(Script.FENCE, keys, arguments)
                .whenComplete((timetoken, failure) -> hub.execute(() -> {
                    asked[partition] = false;
                    if (failure == null) {
                        if (heard && isHeard.test(partition)) {
                            told[partition] = Math.max(told[partition], timetoken);
                        }
                        if (timetoken < needed[partition]) {
                            ask(partition);
                        }
                    }
                }));
    }

    /** The news of a partition is heard over another connection now: what was told on the old one is not waited for. */
    void startOver(int partition) {
        told[partition] = 0;
        late[partition] = 0;
    }

    /** Asks again for what did not arrive, and suspects the way it should have taken. To be called every second or so. */
    void maintain() {
        for (int partition = 0; partition < known.length; partition++) {
            PriorityQueue<Wait> queue = waits.get(partition);
            if (!queue.isEmpty()) {
                queue.removeIf(wait -> !wait.isCurrent());
            }
            if (told[partition] > known[partition]) {
                if (++late[partition] >= MOST_LATE) {
                    startOver(partition);
                    link.suspectNews(partition);
                }
            } else {
                late[partition] = 0;
            }
            if (!queue.isEmpty() && known[partition] < needed[partition]) {
                send(partition);
            }
        }
    }
}

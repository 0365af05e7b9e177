package dev.rollcall.engine.redis;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * How far this node knows each partition to be complete: everything up to the watermark has arrived on every topic it follows there. News
 * raises it, for the news of one partition arrives in the order it was told. Where there is none, a fence does, which raises the clock of
 * the partition and is told as news: so what comes after it in the partition is later, and what is earlier has arrived before it. Owned by
 * the hub's thread.
 */
final class Watermarks {
    private final long[] known;
    private final long[] needed;
    private final boolean[] asked;
    private final Scripts scripts;
    private final Names names;
    private final Executor hub;

    /** Polls with something to deliver that is not known to be next. */
    private final Set<ParkedPoll> waiting = new LinkedHashSet<>();

    Watermarks(Scripts scripts, Names names, Executor hub) {
        this.scripts = scripts;
        this.names = names;
        this.hub = hub;
        known = new long[names.partitions()];
        needed = new long[names.partitions()];
        asked = new boolean[names.partitions()];
    }

    long[] known() {
        return known;
    }

    /** Notes that everything of a partition has arrived up to {@code timetoken}; returns the polls to be looked at again. */
    List<ParkedPoll> advance(int partition, long timetoken) {
        if (timetoken <= known[partition]) {
            return List.of();
        }
        known[partition] = timetoken;
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<ParkedPoll> again = new ArrayList<>(waiting);
        waiting.clear();
        return again;
    }

    /** Has {@code poll} looked at again when all it listens to is known up to {@code timetoken}. */
    void await(ParkedPoll poll, long timetoken) {
        waiting.add(poll);
        for (Feed.Subscription subscription : poll.subscriptions) {
            for (Topic topic : subscription.feed.topics) {
                if (Math.max(topic.readTo, known[topic.partition]) < timetoken) {
                    need(topic.partition, timetoken);
                }
            }
        }
    }

    void forget(ParkedPoll poll) {
        if (!waiting.isEmpty()) {
            waiting.remove(poll);
        }
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
        asked[partition] = true;
        byte[][] keys = {names.last(partition)};
        byte[][] arguments = Scripts.values(Long.toString((needed[partition] + 9) / 10), names.fences(partition));
        scripts.timetoken(Script.FENCE, keys, arguments)
                .whenComplete((timetoken, failure) -> hub.execute(() -> {
                    asked[partition] = false;
                    if (failure == null && timetoken < needed[partition]) {
                        ask(partition);
                    }
                }));
    }

    /** Asks again for what did not arrive. To be called every second or so. */
    void tend() {
        if (waiting.isEmpty()) {
            return;
        }
        for (int partition = 0; partition < known.length; partition++) {
            if (known[partition] < needed[partition]) {
                ask(partition);
            }
        }
    }
}

package dev.rollcall.engine.redis;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.protocol.SubscribeKey;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts the channels that the groups of a keyset have together, where Redis does not know: with the first edit that comes near the limit
 * after nodes that did not count, or while there are some. Safe from any thread.
 */
final class GroupCounts {
    /** How long a count is taken as it is, though a node that does not count may have changed a group since. */
    private static final long GOOD_FOR_MILLIS = 60_000;

    /** Of how many keysets it is known when they were counted. */
    private static final int MOST_KNOWN = 10_000;

    private final Scripts scripts;
    private final Names names;
    private final SetReader sets;
    private final EngineTime time;
    private final Map<SubscribeKey, Count> counts = new ConcurrentHashMap<>();

    GroupCounts(Scripts scripts, Names names, SetReader sets, EngineTime time) {
        this.scripts = scripts;
        this.names = names;
        this.sets = sets;
        this.time = time;
    }

    /** A count that is done or under way. */
    private record Count(long begunAt, CompletableFuture<Void> done) {}

    /** Has the groups of a keyset counted, unless they were a moment ago. */
    CompletableFuture<Void> count(SubscribeKey key) {
        long now = time.monotonicMillis();
        if (counts.size() >= MOST_KNOWN) {
            counts.clear();
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        Count mine = new Count(now, done);
        Count count = counts.compute(
                key, (any, known) -> known == null || now - known.begunAt > GOOD_FOR_MILLIS ? mine : known);
        if (count.equals(mine)) {
            AtomicBoolean first = new AtomicBoolean(true);
            sets.each(names.groups(key), page -> {
                        byte[][] keys = new byte[page.size() + 1][];
                        String[] arguments = new String[page.size() + 1];
                        keys[0] = names.grouped(key);
                        arguments[0] = first.getAndSet(false) ? "1" : "0";
                        for (int i = 0; i < page.size(); i++) {
                            arguments[i + 1] = page.get(i);
                            keys[i + 1] = Names.bytes(names.group(key, page.get(i)));
                        }
                        return scripts.number(Script.GROUPED, keys, arguments);
                    })
                    .whenComplete((pages, failure) -> {
                        if (failure == null) {
                            done.complete(null);
                        } else {
                            counts.remove(key, mine);
                            done.completeExceptionally(failure);
                        }
                    });
        }
        return count.done;
    }
}

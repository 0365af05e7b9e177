package dev.rollcall.engine.redis;

import dev.rollcall.engine.redis.link.Lane;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;

/**
 * Has what is published under wildcards recorded, as long as somebody listens: in each partition there is a stream for it while there is a
 * wish. Safe from any thread.
 */
final class Wildcards {
    /** How long a wildcard is recorded after it was last asked for. */
    static final long WISH_MILLIS = Feed.RETENTION.toMillis() + 10 * 60_000;

    /** How long a wildcard counts as listened to after it was last asked for: as long as a client may come back to it. */
    private static final long LISTENED_MILLIS = Feed.RETENTION.toMillis();

    /** What a script says where a keyset may have no wildcard more. */
    private static final long TOO_MANY = -1;

    /** Most wishes of one call. */
    private static final int MOST_WISHES = 500;

    /** A time after everything, in microseconds. */
    private static final long FROM_NOW = 9_000_000_000_000_000L;

    private final Scripts scripts;
    private final Names names;
    private final Capacity capacity;
    private volatile ToIntFunction<SubscribeKey> most = key -> Integer.MAX_VALUE;

    Wildcards(Store store) {
        scripts = store.scripts();
        names = store.names();
        capacity = store.capacity();
    }

    /** Says how many the clients of a keyset may listen to; before, it is any number. */
    void limit(ToIntFunction<SubscribeKey> limit) {
        most = limit;
    }

    /** Has those among feeds recorded on in a partition. Where that fails, the next time is soon enough. */
    void wish(int partition, Collection<Feed> feeds) {
        List<Feed> wished = new ArrayList<>();
        for (Feed feed : feeds) {
            if (feed.wildcard) {
                wished.add(feed);
            }
        }
        for (int from = 0; from < wished.size(); from += MOST_WISHES) {
            List<Feed> some = wished.subList(from, Math.min(wished.size(), from + MOST_WISHES));
            byte[][] keys = new byte[2 * some.size()][];
            String[] arguments = new String[some.size() + 2];
            arguments[0] = Long.toString(WISH_MILLIS);
            arguments[1] = Long.toString(LISTENED_MILLIS);
            for (int i = 0; i < some.size(); i++) {
                Feed feed = some.get(i);
                keys[2 * i] = Names.bytes(names.wish(partition, feed.key, feed.channel.name()));
                keys[2 * i + 1] = names.wildcards(partition, feed.key);
                arguments[i + 2] = feed.channel.name();
            }
            scripts.number(Script.WISH, keys, arguments);
        }
    }

    /** Starts to record one in a partition, and returns a position before anything that will be recorded there. */
    CompletableFuture<Long> begin(SubscribeKey key, Channel wildcard, int partition) {
        return follow(key, wildcard, partition, FROM_NOW, 0).thenApply(reply -> reply.timetoken(0));
    }

    /** Reads a part of a stream. The wish, which goes with it, is made where there is room, else only prolonged. */
    CompletableFuture<Reply> follow(SubscribeKey key, Channel wildcard, int partition, long fromMicros, int bytes) {
        byte[][] keys = {
            names.last(partition),
            Names.bytes(names.wildcard(partition, key, wildcard.name())),
            Names.bytes(names.wish(partition, key, wildcard.name())),
            names.wildcards(partition, key)
        };
        int limit = most.applyAsInt(key);
        String[] arguments = {
            Long.toString(WISH_MILLIS),
            Long.toString(fromMicros),
            Integer.toString(bytes),
            wildcard.name(),
            Long.toString(LISTENED_MILLIS),
            Integer.toString(limit)
        };
        CompletableFuture<Reply> read = capacity.isFull(partition)
                ? followIfWished(keys, arguments)
                : scripts.list(Script.RECORD, keys, arguments)
                        .exceptionallyCompose(failure -> Scripts.cause(failure) == Scripts.NO_ROOM
                                ? followIfWished(keys, arguments)
                                : CompletableFuture.failedFuture(failure));
        return read.thenApply(reply -> {
            if (reply.number(2) == TOO_MANY) {
                throw Groups.overLimit("max-wildcards", limit);
            }
            return reply;
        });
    }

    private CompletableFuture<Reply> followIfWished(byte[][] keys, String[] arguments) {
        return scripts.ask("exists", Lane.BULK, keys[2], commands -> commands.exists(keys[2]))
                .thenCompose(there -> there == 1
                        ? scripts.list(Script.FOLLOW, keys, arguments)
                        : CompletableFuture.failedFuture(Scripts.NO_ROOM));
    }
}

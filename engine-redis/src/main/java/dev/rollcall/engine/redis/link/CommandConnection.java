package dev.rollcall.engine.redis.link;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A connection for commands, with a bound on what is on its way. Safe from any thread. */
final class CommandConnection extends Supervised<StatefulRedisConnection<byte[], byte[]>> {
    /** The most that commands on their way may carry altogether. */
    private static final long MOST_BYTES = 64L << 20;

    /** Commands that take longer are given up, so a connection without an answer for that long is of no use. */
    private static final int SILENT_LOOKS = 4;

    private final RedisClient client;
    private final RedisURI uri;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong bytesInFlight = new AtomicLong();

    CommandConnection(String use, Address address, RedisClient client, RedisURI uri) {
        super(use, address, SILENT_LOOKS);
        this.client = client;
        this.uri = uri;
    }

    @Override
    CompletionStage<StatefulRedisConnection<byte[], byte[]>> connect() {
        return client.connectAsync(ByteArrayCodec.INSTANCE, uri);
    }

    @Override
    void onOpen(StatefulRedisConnection<byte[], byte[]> connection) {}

    @Override
    void onLost() {}

    /** Takes room for a command, and returns whether there was any. */
    boolean enter(Lane lane, int bytes) {
        if (inFlight.incrementAndGet() > lane.most()) {
            inFlight.decrementAndGet();
            return false;
        }
        if (bytes > 0 && bytesInFlight.addAndGet(bytes) > MOST_BYTES) {
            leave(bytes);
            return false;
        }
        return true;
    }

    /** Gives room back. */
    void leave(int bytes) {
        inFlight.decrementAndGet();
        if (bytes > 0) {
            bytesInFlight.addAndGet(-bytes);
        }
    }

    int inFlight() {
        return inFlight.get();
    }
}

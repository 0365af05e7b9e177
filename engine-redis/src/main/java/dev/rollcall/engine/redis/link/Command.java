package dev.rollcall.engine.redis.link;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.async.RedisAsyncCommands;

/** Something asked of Redis. It may be sent more than once, but is carried out once at most. */
@FunctionalInterface
public interface Command<T> {
    /** Sends it. */
    RedisFuture<T> send(RedisAsyncCommands<byte[], byte[]> commands);
}

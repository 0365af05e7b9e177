package dev.rollcall.engine.redis.link;

import java.time.Duration;
import java.util.List;

/**
 * How a link finds its way.
 *
 * @param url where Redis is
 * @param commandTimeout how long Redis may take to answer
 * @param tags a key of each partition, by which a cluster finds its slot
 */
public record LinkOptions(RedisUrl url, Duration commandTimeout, List<byte[]> tags) {}

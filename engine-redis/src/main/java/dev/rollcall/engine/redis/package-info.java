/**
 * The {@link dev.rollcall.engine.Engine} whose state is in Redis, for any number of nodes. The truth is changed by scripts, each one atomic
 * step on one partition; a node itself keeps only the polls of its own clients and what they are about to be answered with. Start reading
 * at {@link dev.rollcall.engine.redis.RedisEngine}, then {@code channel.lua} and {@code present.lua}.
 */
@NullMarked
package dev.rollcall.engine.redis;

import org.jspecify.annotations.NullMarked;

package dev.rollcall.engine.redis;

import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.redis.link.Link;

/**
 * What a node needs to ask Redis anything.
 *
 * @param link the way there
 * @param scripts what it runs
 * @param names how keys are called
 * @param clock what time it is there
 * @param memory what is kept of it here is counted in
 * @param capacity whether there is room for more
 */
record Store(Link link, Scripts scripts, Names names, RedisClock clock, MemoryBudget memory, Capacity capacity) {}

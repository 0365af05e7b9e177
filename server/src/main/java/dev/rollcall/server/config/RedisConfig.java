package dev.rollcall.server.config;

/**
 * Where the engine `redis` keeps its state.
 *
 * @param url the URL, see {@code docs/cluster.md}
 * @param prefix begins the name of every key
 */
public record RedisConfig(String url, String prefix) {}

package dev.rollcall.server.config;

/**
 * Where the engine `redis` keeps its state.
 *
 * @param url the URL, see {@code docs/cluster.md}
 * @param prefix begins the name of every key
 */
public record RedisConfig(String url, String prefix) {
    /** Leaves the URL out, for there may be a password in it. */
    @Override
    public String toString() {
        return "RedisConfig[prefix=" + prefix + "]";
    }
}

package dev.rollcall.engine.redis;

import static java.util.Objects.requireNonNull;

import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.redis.link.LinkOptions;
import dev.rollcall.engine.redis.link.RedisUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * How an engine finds and uses Redis. Every node of one service must have the same prefix and the same number of partitions.
 *
 * @param url {@code redis://}, {@code rediss://} (TLS), {@code redis-sentinel://host:port,…/0#name}, {@code redis-cluster://host:port,…} or
 *     {@code rediss-cluster://…}, with user and password as usual
 * @param prefix begins the name of every key
 * @param partitions in how many parts the channels are divided, each one hash slot of a cluster; 1 where there is but one master
 * @param node the name of this node, unlike that of any other
 * @param commandTimeout how long Redis may take to answer before a request is refused
 * @param sweepPeriod how often a node looks for what is due
 * @param sweeperTimeout how long a sweeper may be silent before another node takes over
 * @param outagePatience how long nobody may have swept before leases get a grace; zero for never
 * @param memory what this node holds for its clients is counted in: polls, the feeds they wait for, messages and events
 */
public record RedisOptions(
        String url,
        String prefix,
        int partitions,
        String node,
        Duration commandTimeout,
        Duration sweepPeriod,
        Duration sweeperTimeout,
        Duration outagePatience,
        MemoryBudget memory) {
    /** Begins keys where nothing else is asked for. */
    public static final String DEFAULT_PREFIX = "rollcall:";

    /** Partitions of a Redis Cluster, and so the most masters that share the work. */
    public static final int CLUSTER_PARTITIONS = 64;

    /** How long Redis may take to answer. */
    public static final Duration DEFAULT_COMMAND_TIMEOUT = Duration.ofSeconds(3);

    /** How often a node looks for what is due; the most that this adds to the lateness of a timeout. */
    public static final Duration DEFAULT_SWEEP_PERIOD = Duration.ofMillis(25);

    /** How long a dead node delays what is due. */
    public static final Duration DEFAULT_SWEEPER_TIMEOUT = Duration.ofMillis(500);

    /** How long nobody may have swept: longer than it takes to follow a dead sweeper, shorter than the failover of a master. */
    public static final Duration DEFAULT_OUTAGE_PATIENCE = Duration.ofSeconds(2);

    /** Checks the values. */
    public RedisOptions {
        requireNonNull(url, "url");
        requireNonNull(prefix, "prefix");
        requireNonNull(node, "node");
        requireNonNull(memory, "memory");
        if (prefix.indexOf('{') >= 0) {
            throw new IllegalArgumentException("prefix: " + prefix + " (expected: no brace)");
        }
        if (partitions < 1 || partitions > 4096) {
            throw new IllegalArgumentException("partitions: " + partitions + " (expected: 1..4096)");
        }
    }

    /**
     * Returns the defaults for a URL.
     *
     * @throws IllegalArgumentException if it cannot be read; what it says names neither user nor password
     */
    public static RedisOptions of(String url) {
        return new RedisOptions(
                url,
                DEFAULT_PREFIX,
                RedisUrl.parse(url).isCluster() ? CLUSTER_PARTITIONS : 1,
                UUID.randomUUID().toString(),
                DEFAULT_COMMAND_TIMEOUT,
                DEFAULT_SWEEP_PERIOD,
                DEFAULT_SWEEPER_TIMEOUT,
                DEFAULT_OUTAGE_PATIENCE,
                MemoryBudget.unlimited());
    }

    /** Returns the same with another prefix. */
    public RedisOptions withPrefix(String other) {
        return new RedisOptions(
                url, other, partitions, node, commandTimeout, sweepPeriod, sweeperTimeout, outagePatience, memory);
    }

    /** Returns the same with another number of partitions. */
    public RedisOptions withPartitions(int other) {
        return new RedisOptions(
                url, prefix, other, node, commandTimeout, sweepPeriod, sweeperTimeout, outagePatience, memory);
    }

    /** Returns the same with another command timeout. */
    public RedisOptions withCommandTimeout(Duration other) {
        return new RedisOptions(
                url, prefix, partitions, node, other, sweepPeriod, sweeperTimeout, outagePatience, memory);
    }

    /** Returns the same with another outage patience. */
    public RedisOptions withOutagePatience(Duration other) {
        return new RedisOptions(
                url, prefix, partitions, node, commandTimeout, sweepPeriod, sweeperTimeout, other, memory);
    }

    /** Returns the same with another account of memory; by default nothing is refused. */
    public RedisOptions withMemory(MemoryBudget other) {
        return new RedisOptions(
                url, prefix, partitions, node, commandTimeout, sweepPeriod, sweeperTimeout, outagePatience, other);
    }

    LinkOptions link() {
        Names names = new Names(prefix, partitions);
        List<byte[]> tags = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            tags.add(names.last(partition));
        }
        return new LinkOptions(RedisUrl.parse(url), commandTimeout, tags);
    }

    /** Returns all but user and password. */
    @Override
    public String toString() {
        return "RedisOptions[url=" + RedisUrl.parse(url) + ", prefix=" + prefix + ", partitions=" + partitions
                + ", node=" + node + ']';
    }
}

package dev.rollcall.engine.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A Redis Cluster on this machine, made of servers of its own. */
public final class RedisCluster implements AutoCloseable {
    private final List<RedisServer> servers = new ArrayList<>();

    private RedisCluster() {}

    /** Starts three masters, each with as many replicas as asked for, and waits until they agree. */
    public static RedisCluster open(int replicas) {
        RedisCluster cluster = new RedisCluster();
        List<String> command = new ArrayList<>(List.of("redis-cli", "--cluster", "create"));
        for (int i = 0; i < 3 * (replicas + 1); i++) {
            RedisServer server = RedisServer.open(
                    "--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--repl-diskless-sync-delay", "0");
            cluster.servers.add(server);
            command.add("127.0.0.1:" + server.port());
        }
        command.addAll(List.of("--cluster-replicas", Integer.toString(replicas), "--cluster-yes"));
        try {
            Process made = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (made.waitFor() != 0) {
                throw new IllegalStateException("redis-cli --cluster create failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
        for (RedisServer server : cluster.servers) {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> isReady(server));
        }
        return cluster;
    }

    /** Returns whether the cluster is whole in the eyes of a server, and it has its master's data if it is a replica. */
    private static boolean isReady(RedisServer server) {
        boolean[] ready = {false};
        server.with(redis -> ready[0] = redis.clusterInfo().contains("cluster_state:ok")
                && !redis.info("replication").contains("master_link_status:down"));
        return ready[0];
    }

    /** Returns a server; the masters come first. */
    public RedisServer server(int index) {
        return servers.get(index);
    }

    /** Waits until a replica has taken the place of a master. */
    public void awaitFailover() {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(30))
                .until(() -> servers.subList(3, servers.size()).stream()
                        .anyMatch(server -> server.info("replication").contains("role:master")));
    }

    /** Returns where it is, as nodes want to know it. */
    public String url() {
        return "redis-cluster://"
                + servers.stream().map(server -> "127.0.0.1:" + server.port()).collect(Collectors.joining(","));
    }

    /** Returns a key in a slot of the first master that nodes use, once there is one. */
    public String keyOfFirst() {
        return keyOf(0);
    }

    /** Returns a key in a slot of a master that nodes use, once there is one. */
    public String keyOf(int master) {
        String[] found = new String[1];
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            servers.get(master).with(redis -> redis.keys("*order:*").forEach(key -> found[0] = key));
            return found[0] != null;
        });
        return found[0];
    }

    /** Empties it, once all of it is there: on a machine that is busy a replica may just have taken over. */
    public void flush() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptionsInstanceOf(RedisException.class)
                .untilAsserted(this::flushAll);
    }

    private void flushAll() {
        RedisClusterClient client =
                RedisClusterClient.create(RedisURI.create(servers.get(0).url()));
        try {
            client.connect().sync().flushall();
        } finally {
            client.shutdown(0, 0, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        servers.forEach(RedisServer::close);
    }
}

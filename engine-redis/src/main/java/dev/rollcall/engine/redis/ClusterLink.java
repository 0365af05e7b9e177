package dev.rollcall.engine.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The connections to a Redis Cluster. Topics are followed at the master of their slot, over one connection to each master, which is opened
 * anew when it is lost; when one is, or a slot moves, everything is followed again. The monitor guards who follows what where.
 */
final class ClusterLink implements Link {
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);
    private static final int ATTEMPTS = 100;
    private static final Duration REFRESH_PERIOD = Duration.ofSeconds(5);
    private static final RedisCodec<String, byte[]> TOPICS = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    private final RedisClusterClient client;
    private final RedisClient topicClient;
    private final StatefulRedisClusterConnection<byte[], byte[]> connection;
    private final News news;
    private final Set<String> wanted = new HashSet<>();

    /** For each topic that is followed, the master where it is. */
    private final Map<String, String> followed = new HashMap<>();

    private final Map<String, StatefulRedisPubSubConnection<String, byte[]>> masters = new HashMap<>();
    private final Set<String> opening = new HashSet<>();

    /** Topics whose end we asked for ourselves, each as often as it has not been confirmed yet. */
    private final Map<String, Integer> ending = new HashMap<>();

    ClusterLink(RedisOptions options, News news) {
        this.news = news;
        List<RedisURI> seeds = new ArrayList<>();
        for (String seed : options.seeds()) {
            RedisURI uri = RedisURI.create(seed);
            uri.setTimeout(options.commandTimeout());
            seeds.add(uri);
        }
        client = RedisClusterClient.create(seeds);
        ClusterTopologyRefreshOptions refresh = ClusterTopologyRefreshOptions.builder()
                .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1))
                .enablePeriodicRefresh(REFRESH_PERIOD)
                .build();
        client.setOptions(Link.configure(ClusterClientOptions.builder(), options.commandTimeout())
                .topologyRefreshOptions(refresh)
                .build());
        topicClient = RedisClient.create(client.getResources());
        topicClient.setOptions(ClientOptions.builder().autoReconnect(false).build());
        try {
            connection = client.connect(ByteArrayCodec.INSTANCE);
            reachAllMasters(options);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Opens the connections to the masters of all partitions; without that, the first command to each would be refused. */
    private void reachAllMasters(RedisOptions options) {
        Names names = new Names(options.prefix(), options.partitions());
        for (int partition = 0; partition < options.partitions(); partition++) {
            byte[] key = names.last(partition);
            int slot = SlotHash.getSlot(key);
            for (int attempt = 1; !reaches(key); attempt++) {
                if (attempt == ATTEMPTS) {
                    throw new RedisException("no connection to the master of slot " + slot);
                }
                LockSupport.parkNanos(options.commandTimeout().toNanos() / ATTEMPTS);
            }
        }
    }

    private boolean reaches(byte[] key) {
        try {
            connection.sync().exists(key);
            return true;
        } catch (RedisException e) {
            return false;
        }
    }

    @Override
    public RedisClusterAsyncCommands<byte[], byte[]> commands() {
        return connection.async();
    }

    @Override
    public synchronized void follow(String topic) {
        wanted.add(topic);
        place(topic);
    }

    @Override
    public synchronized void unfollow(String topic) {
        wanted.remove(topic);
        String node = followed.remove(topic);
        StatefulRedisPubSubConnection<String, byte[]> master = node == null ? null : masters.get(node);
        if (master != null) {
            ending.merge(topic, 1, Integer::sum);
            master.async().sunsubscribe(topic);
        }
    }

    @Override
    public synchronized void tend() {
        for (Map.Entry<String, String> entry : followed.entrySet()) {
            RedisClusterNode master = masterOf(entry.getKey());
            if (master != null && !master.getNodeId().equals(entry.getValue())) {
                startOver();
                return;
            }
        }
        placeAll();
    }

    private void startOver() {
        news.onLost();
        followed.clear();
        ending.clear();
        placeAll();
    }

    private void placeAll() {
        for (String topic : wanted) {
            if (!followed.containsKey(topic)) {
                place(topic);
            }
        }
    }

    private @Nullable RedisClusterNode masterOf(String topic) {
        return connection.getPartitions().getPartitionBySlot(SlotHash.getSlot(topic));
    }

    private void place(String topic) {
        RedisClusterNode master = masterOf(topic);
        if (master == null) {
            return;
        }
        String node = master.getNodeId();
        StatefulRedisPubSubConnection<String, byte[]> open = masters.get(node);
        if (open == null) {
            open(master);
            return;
        }
        followed.put(topic, node);
        open.async().ssubscribe(topic).whenComplete((done, failure) -> {
            if (failure != null) {
                refused(topic, node);
            }
        });
    }

    private synchronized void refused(String topic, String node) {
        followed.remove(topic, node);
    }

    private void open(RedisClusterNode master) {
        String node = master.getNodeId();
        if (opening.add(node)) {
            topicClient
                    .connectPubSubAsync(TOPICS, master.getUri())
                    .whenComplete((opened, failure) -> opened(node, failure == null ? opened : null));
        }
    }

    private synchronized void opened(String node, @Nullable StatefulRedisPubSubConnection<String, byte[]> opened) {
        opening.remove(node);
        if (opened == null) {
            return;
        }
        opened.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void smessage(String topic, byte[] message) {
                news.onNews(topic, message);
            }

            @Override
            public void ssubscribed(String topic, long count) {
                news.onFollowing(topic);
            }

            @Override
            public void sunsubscribed(String topic, long count) {
                moved(topic, node);
            }
        });
        opened.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
                lost(node);
            }
        });
        if (opened.isOpen()) {
            masters.put(node, opened);
            placeAll();
        }
    }

    private synchronized void lost(String node) {
        if (masters.remove(node) != null) {
            startOver();
        }
    }

    /** A master follows a topic no more: either it was asked to, or the slot has gone elsewhere. */
    private synchronized void moved(String topic, String node) {
        if (ending.containsKey(topic)) {
            ending.computeIfPresent(topic, (same, times) -> times == 1 ? null : times - 1);
        } else if (followed.remove(topic, node)) {
            startOver();
        }
    }

    @Override
    public boolean isConnected() {
        return connection.isOpen();
    }

    @Override
    public void close() {
        topicClient.shutdown(Duration.ZERO, CLOSE_WITHIN);
        client.shutdown(Duration.ZERO, CLOSE_WITHIN);
    }
}

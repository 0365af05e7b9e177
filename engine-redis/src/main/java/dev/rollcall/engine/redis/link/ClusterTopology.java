package dev.rollcall.engine.redis.link;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.ClusterPartitionParser;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.codec.StringCodec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The masters of a cluster. Its servers are asked in turn what they know of each other, and of what they say the claim with the highest
 * epoch holds, so that one that was cut off and knows no better is not believed.
 */
final class ClusterTopology implements Topology {
    private static final long PERIOD_MILLIS = 2000;
    private static final long SUSPICIOUS_MILLIS = 200;
    /** How many servers are asked at once at most: one may hang. */
    private static final int MOST_QUESTIONS = 3;

    private static final Logger log = LoggerFactory.getLogger(ClusterTopology.class);

    private final RedisClient client;
    private final LinkOptions options;
    private final Function<Address, @Nullable RedisAsyncCommands<byte[], byte[]>> live;
    private final int[] slots;
    private final AtomicReferenceArray<@Nullable Claim> claims;
    private volatile Set<Address> masters = Set.of();
    private volatile boolean suspected;
    private final AtomicInteger asking = new AtomicInteger();
    private long askedAt = Long.MIN_VALUE / 2;
    private int next;

    /** Makes one that asks servers over the connections that {@code live} has, and over one of its own where there is none. */
    ClusterTopology(
            RedisClient client,
            LinkOptions options,
            Function<Address, @Nullable RedisAsyncCommands<byte[], byte[]>> live) {
        this.client = client;
        this.live = live;
        this.options = options;
        slots = new int[options.tags().size()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = SlotHash.getSlot(options.tags().get(i));
        }
        claims = new AtomicReferenceArray<>(slots.length);
    }

    /** That a server is the master of a slot. */
    private record Claim(Address address, long epoch) {}

    @Override
    public void load() {
        RuntimeException last = new RedisException("the cluster has no master for every slot");
        for (int i = 0; i < options.url().servers().size(); i++) {
            try {
                ask().get(2 * options.commandTimeout().toMillis(), TimeUnit.MILLISECONDS);
                if (isWhole()) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RedisException("interrupted", e);
            } catch (Exception e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                last = cause instanceof RedisException known ? known : new RedisException("no server answers", cause);
            }
        }
        throw last;
    }

    private boolean isWhole() {
        for (int partition = 0; partition < slots.length; partition++) {
            if (claims.get(partition) == null) {
                return false;
            }
        }
        return true;
    }

    @Override
    public @Nullable Address master(int partition) {
        Claim claim = claims.get(partition);
        return claim == null ? null : claim.address;
    }

    @Override
    public Set<Address> masters() {
        return masters;
    }

    @Override
    public void maintain(long nowMillis) {
        synchronized (this) {
            if (asking.get() >= MOST_QUESTIONS
                    || nowMillis - askedAt < (suspected ? SUSPICIOUS_MILLIS : PERIOD_MILLIS)) {
                return;
            }
            askedAt = nowMillis;
            suspected = false;
        }
        ask();
    }

    @Override
    public void suspect() {
        suspected = true;
    }

    @Override
    public void told(int partition, Address master) {
        Claim before = claims.get(partition);
        claims.set(partition, new Claim(master, before == null ? 0 : before.epoch));
        count();
        suspected = true;
    }

    /** Asks one server, the next of all that are known. */
    private CompletableFuture<Void> ask() {
        asking.incrementAndGet();
        RedisURI server = candidate();
        return view(server).handle((view, failure) -> {
            asking.decrementAndGet();
            if (failure != null) {
                suspected = true;
                throw new CompletionException(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure);
            }
            learn(view, server);
            return null;
        });
    }

    /** Returns what a server knows of all. */
    private CompletableFuture<String> view(RedisURI server) {
        RedisAsyncCommands<byte[], byte[]> commands = live.apply(new Address(server.getHost(), server.getPort()));
        try {
            if (commands != null) {
                return commands.clusterNodes().toCompletableFuture();
            }
            return client.connectAsync(StringCodec.UTF8, server)
                    .toCompletableFuture()
                    .thenCompose(connection ->
                            connection.async().clusterNodes().whenComplete((view, failure) -> connection.closeAsync()));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private RedisURI candidate() {
        List<Address> known = new ArrayList<>(masters);
        known.sort(Comparator.comparing(Address::toString));
        List<RedisURI> servers = new ArrayList<>();
        known.forEach(address -> servers.add(options.url().to(address, options.commandTimeout())));
        for (RedisURI seed : options.url().servers()) {
            if (!known.contains(new Address(seed.getHost(), seed.getPort()))) {
                servers.add(options.url().to(new Address(seed.getHost(), seed.getPort()), options.commandTimeout()));
            }
        }
        synchronized (this) {
            return servers.get(Math.floorMod(next++, servers.size()));
        }
    }

    private void learn(String view, RedisURI from) {
        List<RedisClusterNode> nodes = new ArrayList<>();
        Set<Address> alive = new LinkedHashSet<>();
        for (RedisClusterNode node : ClusterPartitionParser.parse(view)) {
            if (isMaster(node)) {
                nodes.add(node);
                alive.add(address(node, from));
            }
        }
        for (int partition = 0; partition < slots.length; partition++) {
            Claim claim = claims.get(partition);
            for (RedisClusterNode node : nodes) {
                if (!node.hasSlot(slots[partition])) {
                    continue;
                }
                Address address = address(node, from);
                boolean holds = claim == null
                        || node.getConfigEpoch() > claim.epoch
                        || !claim.address.equals(address) && !alive.contains(claim.address);
                if (holds) {
                    if (claim != null && !claim.address.equals(address)) {
                        log.info("redis slot moved slot={} from={} to={}", slots[partition], claim.address, address);
                    }
                    claims.set(partition, new Claim(address, node.getConfigEpoch()));
                }
            }
        }
        count();
    }

    private static boolean isMaster(RedisClusterNode node) {
        return node.getRole().isUpstream()
                && !node.is(NodeFlag.FAIL)
                && !node.is(NodeFlag.NOADDR)
                && !node.is(NodeFlag.HANDSHAKE);
    }

    private static Address address(RedisClusterNode node, RedisURI from) {
        String host = node.getUri().getHost();
        // A server that has met nobody yet does not know its own name.
        return new Address(
                host == null || host.isEmpty() ? from.getHost() : host,
                node.getUri().getPort());
    }

    private void count() {
        Set<Address> found = new LinkedHashSet<>();
        for (int partition = 0; partition < slots.length; partition++) {
            Address address = master(partition);
            if (address != null) {
                found.add(address);
            }
        }
        masters = found;
    }
}

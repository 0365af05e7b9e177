package dev.rollcall.engine.redis.link;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whichever server Sentinel says is the master, asked every second, so that a master that hangs is left though its sockets stay open. */
final class SentinelTopology implements Topology {
    private static final long PERIOD_MILLIS = 1000;
    private static final Logger log = LoggerFactory.getLogger(SentinelTopology.class);

    private final RedisClient client;
    private final List<RedisURI> sentinels;
    private final String name;
    private final Duration timeout;
    private volatile @Nullable Address master;
    private volatile boolean asking;
    private @Nullable StatefulRedisSentinelConnection<String, String> connection;
    private int next;
    private long askedAt = Long.MIN_VALUE / 2;
    private boolean closed;

    SentinelTopology(RedisClient client, RedisUrl url, Duration timeout) {
        this.client = client;
        this.timeout = timeout;
        RedisURI uri = url.servers().get(0);
        sentinels = uri.getSentinels();
        sentinels.forEach(sentinel -> sentinel.setTimeout(timeout));
        name = uri.getSentinelMasterId();
    }

    @Override
    public void load() {
        RuntimeException last = new RedisException("no sentinel knows a master named " + name);
        for (int i = 0; i < sentinels.size(); i++) {
            try {
                ask().get(2 * timeout.toMillis(), TimeUnit.MILLISECONDS);
                if (master != null) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RedisException("interrupted", e);
            } catch (Exception e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                last = cause instanceof RedisException known ? known : new RedisException("no sentinel answers", cause);
            }
        }
        throw last;
    }

    @Override
    public @Nullable Address master(int partition) {
        return master;
    }

    @Override
    public Set<Address> masters() {
        Address current = master;
        return current == null ? Set.of() : Set.of(current);
    }

    @Override
    public void maintain(long nowMillis) {
        synchronized (this) {
            if (nowMillis - askedAt < PERIOD_MILLIS) {
                return;
            }
            askedAt = nowMillis;
        }
        if (!asking) {
            ask();
        }
    }

    @Override
    public synchronized void suspect() {
        askedAt = Long.MIN_VALUE / 2;
    }

    @Override
    public void told(int partition, Address address) {}

    private CompletableFuture<Void> ask() {
        asking = true;
        return connected()
                .thenCompose(sentinel -> sentinel.async().getMasterAddrByName(name))
                .handle((address, failure) -> {
                    asking = false;
                    if (failure != null) {
                        forget();
                        throw new CompletionException(
                                failure instanceof CompletionException && failure.getCause() != null
                                        ? failure.getCause()
                                        : failure);
                    }
                    learn(address);
                    return null;
                });
    }

    private void learn(@Nullable SocketAddress told) {
        if (told instanceof InetSocketAddress found) {
            Address address = new Address(found.getHostString(), found.getPort());
            Address before = master;
            master = address;
            if (before != null && !before.equals(address)) {
                log.warn("redis has another master name={} before={} now={}", name, before, address);
            }
        }
    }

    private synchronized CompletableFuture<StatefulRedisSentinelConnection<String, String>> connected() {
        StatefulRedisSentinelConnection<String, String> current = connection;
        if (current != null && current.isOpen()) {
            return CompletableFuture.completedFuture(current);
        }
        RedisURI sentinel = sentinels.get(Math.floorMod(next, sentinels.size()));
        return client.connectSentinelAsync(StringCodec.UTF8, sentinel).thenApply(this::keep);
    }

    private StatefulRedisSentinelConnection<String, String> keep(
            StatefulRedisSentinelConnection<String, String> opened) {
        synchronized (this) {
            if (!closed) {
                connection = opened;
                return opened;
            }
        }
        opened.closeAsync();
        return opened;
    }

    /** Goes on to the next sentinel. */
    private void forget() {
        StatefulRedisSentinelConnection<String, String> current;
        synchronized (this) {
            next++;
            current = connection;
            connection = null;
        }
        if (current != null) {
            current.closeAsync();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        forget();
    }
}

package dev.rollcall.engine.redis.link;

import dev.rollcall.engine.EngineTime;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.resource.EpollProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a node to Redis: to one server, to whichever server Sentinel says is the master, or to the masters of a cluster. Commands are
 * sent to the master of their partition, once, and fail at once where it cannot be reached or where too many are on their way. Safe from
 * any thread; {@link #maintain} keeps everything up.
 */
public final class Link implements AutoCloseable {
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);
    private static final Duration GONE_WITHIN = Duration.ofSeconds(5);

    /** By how much longer than for commands an answer on the connections for topics is waited for: news that is late is still news. */
    private static final int PATIENT = 3;

    private static final long LOOK_MILLIS = 1000;
    private static final long OPEN_MILLIS = 30_000;

    /** How many commands may wait to be sent once more. */
    private static final int MOST_WAITING = 4096;

    private static final Logger log = LoggerFactory.getLogger(Link.class);

    private final LinkOptions options;
    private final RedisClient client;
    private final RedisClient topicClient;
    private final Topology topology;
    private final Subscriptions subscriptions;
    private final Map<Address, Master> masters = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private long lookedAt;
    private volatile boolean closed;

    private Link(LinkOptions options, News news) {
        this.options = options;
        client = RedisClient.create();
        client.setOptions(clientOptions(options.commandTimeout()));
        topicClient = RedisClient.create(client.getResources());
        topicClient.setOptions(clientOptions(options.commandTimeout().multipliedBy(PATIENT)));
        topology = switch (options.url().kind()) {
            case SINGLE -> new SingleTopology(options.url());
            case SENTINEL -> new SentinelTopology(client, options.url(), options.commandTimeout());
            case CLUSTER -> new ClusterTopology(client, options, this::commandsAt);
        };
        subscriptions = new Subscriptions(news, this::topicsOf, this::now);
        lookedAt = now();
    }

    /**
     * Opens the connections.
     *
     * @throws RedisException if Redis cannot be reached
     */
    public static Link open(LinkOptions options, News news) {
        Link link = new Link(options, news);
        try {
            link.open();
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
        return link;
    }

    private static ClientOptions clientOptions(Duration commandTimeout) {
        SocketOptions.Builder socket = SocketOptions.builder()
                .connectTimeout(commandTimeout)
                .keepAlive(KeepAliveOptions.builder()
                        .enable()
                        .idle(Duration.ofSeconds(5))
                        .interval(Duration.ofSeconds(1))
                        .count(3)
                        .build());
        if (EpollProvider.isAvailable()) {
            socket.tcpUserTimeout(TcpUserTimeoutOptions.builder()
                    .enable()
                    .tcpUserTimeout(commandTimeout)
                    .build());
        }
        // Connections come back under supervision, not by themselves, and nothing is sent again behind its back.
        return ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(socket.build())
                .timeoutOptions(TimeoutOptions.enabled(commandTimeout))
                .build();
    }

    private void open() {
        long end = now() + Math.max(OPEN_MILLIS, options.commandTimeout().toMillis());
        topology.load();
        boolean first = true;
        while (true) {
            adjust();
            for (Master master : masters.values()) {
                master.maintain(now());
                for (Supervised<?> connection : master.connections()) {
                    await(connection.firstTry(), end, first || !options.url().isCluster());
                }
            }
            if (isWell()) {
                return;
            }
            if (now() >= end) {
                throw new RedisException("no connection to every master");
            }
            first = false;
            topology.maintain(now());
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private void await(CompletableFuture<Void> attempt, long end, boolean strict) {
        try {
            attempt.get(Math.max(1, end - now()), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (strict && !isTimeout(cause) || isRefusal(cause)) {
                throw cause instanceof RedisException known ? known : new RedisException("no connection", cause);
            }
            log.debug("no connection yet", e);
        }
    }

    /** Returns whether nobody said no, so that it is worth another try. */
    private static boolean isTimeout(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisCommandTimeoutException || cause instanceof TimeoutException) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether the server was there but did not let us in. */
    private static boolean isRefusal(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.startsWith("WRONGPASS") || message.startsWith("NOAUTH") || message.startsWith("NOPERM")) {
                return true;
            }
        }
        return false;
    }

    /** Returns the machine's monotonic milliseconds: a socket is silent in real time, whatever clock an engine goes by. */
    long now() {
        return EngineTime.system().monotonicMillis();
    }

    long patienceMillis() {
        return options.commandTimeout().toMillis();
    }

    Topology topology() {
        return topology;
    }

    /** Runs something a little later, unless too much waits already. */
    boolean later(long millis, Runnable action) {
        if (closed || waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return false;
        }
        client.getResources()
                .eventExecutorGroup()
                .schedule(
                        () -> {
                            waiting.decrementAndGet();
                            action.run();
                        },
                        millis,
                        TimeUnit.MILLISECONDS);
        return true;
    }

    @Nullable
    Master master(int partition) {
        Address address = topology.master(partition);
        return address == null ? null : masters.get(address);
    }

    private @Nullable RedisAsyncCommands<byte[], byte[]> commandsAt(Address address) {
        Master master = masters.get(address);
        StatefulRedisConnection<byte[], byte[]> open = master == null ? null : master.commands.get();
        return open == null ? null : open.async();
    }

    /** Returns the connections to a server that is told to be or become a master. */
    Master masterAt(Address address) {
        return masters.computeIfAbsent(
                address,
                any -> new Master(
                        any, client, topicClient, options.url().to(any, options.commandTimeout()), subscriptions));
    }

    private @Nullable TopicConnection topicsOf(int partition) {
        Master master = master(partition);
        return master == null ? null : master.topics;
    }

    /**
     * Sends a command to the master of a partition. The stage fails if it cannot be sent, if there is no answer in time, and if Redis
     * refuses it; only in the last case it is known not to have been carried out.
     *
     * @param bytes how much it carries, 0 if that is not much
     */
    public <T> CompletableFuture<T> call(int partition, Lane lane, int bytes, Command<T> command) {
        Call<T> call = new Call<>(this, partition, lane, bytes, command);
        call.send();
        return call;
    }

    /** Has the news of a topic told, once {@link News#onFollowing} says so. */
    public void follow(String topic, int partition) {
        subscriptions.follow(topic, partition);
    }

    /** Has the news of a topic told no more. */
    public void unfollow(String topic) {
        subscriptions.unfollow(topic);
    }

    /** News that was promised in a partition has not come: gives up the connection on which it should have. */
    public void suspectNews(int partition) {
        TopicConnection connection = topicsOf(partition);
        if (connection != null) {
            connection.suspect("mute");
        }
    }

    /** Opens what is closed, closes what is silent, and follows what has moved. To be called again and again, by one thread. */
    public void maintain() {
        long now = now();
        topology.maintain(now);
        adjust();
        for (Master master : masters.values()) {
            master.maintain(now);
        }
        if (now - lookedAt >= LOOK_MILLIS) {
            lookedAt = now;
            masters.values().forEach(Master::look);
            subscriptions.reconcile();
        }
    }

    /** Has connections to all masters, and to no others. */
    private void adjust() {
        if (closed) {
            return;
        }
        Set<Address> wanted = topology.masters();
        wanted.forEach(this::masterAt);
        boolean changed = false;
        for (Master master : List.copyOf(masters.values())) {
            boolean isLeft = !wanted.contains(master.address) && !master.isAsked(now());
            if (isLeft && masters.remove(master.address, master)) {
                master.close();
                changed = true;
            }
        }
        if (changed) {
            subscriptions.reconcile();
        }
    }

    /** Returns whether any master can be asked. */
    public boolean isConnected() {
        for (Master master : masters.values()) {
            if (master.commands.get() != null) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether the master of a partition can be asked. */
    public boolean isConnected(int partition) {
        Master master = master(partition);
        return master != null && master.commands.get() != null;
    }

    /** Returns how every connection is, and every partition. */
    public LinkHealth health() {
        List<LinkHealth.Connection> connections = new ArrayList<>();
        masters.values().stream()
                .sorted(Comparator.comparing(master -> master.address.toString()))
                .forEach(master -> master.connections()
                        .forEach(connection -> connections.add(new LinkHealth.Connection(
                                master.address.toString(), connection.use(), connection.isWell()))));
        int away = 0;
        int mute = 0;
        for (int partition = 0; partition < options.tags().size(); partition++) {
            Master master = master(partition);
            if (master == null || !master.commands.isWell() || !master.bulk.isWell()) {
                away++;
            } else if (!master.topics.isWell()) {
                mute++;
            }
        }
        return new LinkHealth(connections, options.tags().size(), away, mute, subscriptions.overdue());
    }

    /** Returns whether every partition can be asked, and the news of everything that is wanted is told. */
    public boolean isWell() {
        for (int partition = 0; partition < options.tags().size(); partition++) {
            Master master = master(partition);
            if (master == null || !master.isWell()) {
                return false;
            }
        }
        return subscriptions.isUpToDate();
    }

    /** Returns the name of the master of a partition; empty if none is known. */
    public String masterOf(int partition) {
        Address address = topology.master(partition);
        return address == null ? "" : address.toString();
    }

    /** Tries whether a topic may be followed; the stage fails as Redis refuses it. */
    public CompletableFuture<@Nullable Void> probeTopic(int partition, String topic) {
        TopicConnection connection = topicsOf(partition);
        RedisFuture<Void> asked = connection == null ? null : connection.subscribe(List.of(topic));
        if (asked == null) {
            return CompletableFuture.failedFuture(new RedisException("no connection"));
        }
        CompletableFuture<@Nullable Void> result = new CompletableFuture<>();
        asked.whenComplete((done, failure) -> {
            if (failure == null) {
                result.complete(null);
            } else {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    /** Returns one partition of each master. */
    public List<Integer> oneOfEach() {
        Map<Address, Integer> found = new HashMap<>();
        for (int partition = 0; partition < options.tags().size(); partition++) {
            Address address = topology.master(partition);
            if (address != null) {
                found.putIfAbsent(address, partition);
            }
        }
        return List.copyOf(found.values());
    }

    @Override
    public void close() {
        closed = true;
        topology.close();
        masters.values().forEach(Master::end);
        end(topicClient);
        end(client);
    }

    /** Ends a client, and waits for that no longer than it should take: now and then the client itself never says that it is done. */
    private static void end(RedisClient client) {
        try {
            client.shutdownAsync(0, CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                    .get(GONE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("the Redis client has not ended in time", e);
        }
    }
}

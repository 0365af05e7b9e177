package dev.rollcall.bench.suite;

import dev.rollcall.bench.load.Requests;
import dev.rollcall.bench.report.Latencies;
import dev.rollcall.engine.Answer;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Poll;
import dev.rollcall.engine.PollListener;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.engine.redis.RedisEngine;
import dev.rollcall.engine.redis.RedisOptions;
import dev.rollcall.engine.redis.RedisServer;
import dev.rollcall.engine.redis.ScriptListener;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.MessageType;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.Publication;
import dev.rollcall.protocol.SubscribeKey;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Nodes on one Redis, each with one poll that begins anew with every answer. One thread uses it. */
final class NodeFleet implements AutoCloseable {
    private static final SubscribeKey KEY = new SubscribeKey(Requests.KEY);
    private static final Publication MESSAGE =
            new Publication(MessageType.MESSAGE, "\"news\"".getBytes(StandardCharsets.UTF_8), null, null, 0, null);
    private static final Duration SETTLE = Duration.ofSeconds(2);

    private final List<RedisEngine> nodes = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final LongAdder scripts = new LongAdder();
    private final LongAdder fences = new LongAdder();
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private List<Channel> channels = List.of();

    /** When the last message of each channel was sent. */
    private AtomicLongArray sent = new AtomicLongArray(0);

    private volatile @Nullable Latencies latencies;

    NodeFleet(RedisServer redis, int count, int partitions) {
        client = RedisClient.create(redis.url());
        connection = client.connect();
        ScriptListener counting = script -> {
            scripts.increment();
            if (script.equals("fence")) {
                fences.increment();
            }
            return failed -> {};
        };
        for (int i = 0; i < count; i++) {
            nodes.add(RedisEngine.start(
                    RedisOptions.of(redis.url()).withPartitions(partitions),
                    key -> KeysetSettings.DEFAULT,
                    EngineTime.system(),
                    new EngineListener() {},
                    counting,
                    new Daemons(System::nanoTime)));
        }
    }

    /**
     * What was seen in a second.
     *
     * @param redisCpu seconds of a processor that Redis used
     * @param nodeCpu the same of one node
     */
    record Load(double scripts, double fences, double redisCpu, double nodeCpu, Latencies latencies) {}

    /** Has every node listen to so many channels, which are the same on all of them. */
    void listen(int width) {
        listeners.forEach(Listener::end);
        listeners.clear();
        channels = IntStream.range(0, width)
                .mapToObj(i -> new Channel("news-" + width + "-" + i))
                .toList();
        sent = new AtomicLongArray(width);
        for (RedisEngine node : nodes) {
            Listener listener = new Listener(node);
            listeners.add(listener);
            listener.poll();
        }
        LockSupport.parkNanos(SETTLE.toNanos());
    }

    /** Publishes so many messages a second for a while, each to the next channel. */
    Load measure(int news, Duration time) {
        Latencies heard = new Latencies();
        latencies = heard;
        double scriptsBefore = scripts.sum();
        double fencesBefore = fences.sum();
        double redisBefore = redisCpu();
        double nodesBefore = ownCpu();
        long start = System.nanoTime();
        for (int i = 0; System.nanoTime() - start < time.toNanos(); i++) {
            if (news == 0) {
                LockSupport.parkNanos(time.toNanos() - (System.nanoTime() - start));
                continue;
            }
            int channel = i % channels.size();
            sent.set(channel, System.nanoTime());
            var unused = nodes.get(0).publish(KEY, channels.get(channel), MESSAGE);
            LockSupport.parkNanos(start + (i + 1) * TimeUnit.SECONDS.toNanos(1) / news - System.nanoTime());
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Load load = new Load(
                (scripts.sum() - scriptsBefore) / seconds,
                (fences.sum() - fencesBefore) / seconds,
                (redisCpu() - redisBefore) / seconds,
                (ownCpu() - nodesBefore) / seconds / nodes.size(),
                heard);
        latencies = null;
        return load;
    }

    private double redisCpu() {
        return info("used_cpu_user:") + info("used_cpu_sys:");
    }

    private double info(String field) {
        String text = connection.sync().info("cpu");
        int at = text.indexOf(field) + field.length();
        return Double.parseDouble(text.substring(at, text.indexOf('\r', at)));
    }

    private static double ownCpu() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                        .getProcessCpuTime()
                / 1e9;
    }

    @Override
    public void close() {
        listeners.forEach(Listener::end);
        nodes.forEach(RedisEngine::close);
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }

    /** One poll of a node, again and again. */
    private final class Listener implements PollListener {
        private final RedisEngine node;
        private final List<Channel> wanted = channels;
        private final AtomicLongArray moments = sent;
        private long cursor;
        private volatile boolean over;
        private volatile @Nullable Poll poll;

        Listener(RedisEngine node) {
            this.node = node;
        }

        void poll() {
            poll = node.subscribe(new Subscribe(KEY, null, wanted, List.of(), cursor, 0, Map.of(), null), this);
        }

        void end() {
            over = true;
            Poll last = poll;
            if (last != null) {
                last.cancel();
            }
        }

        @Override
        public void onAnswer(Answer answer) {
            long now = System.nanoTime();
            cursor = answer.timetoken();
            Latencies into = latencies;
            if (into != null) {
                answer.deliveries().forEach(delivery -> {
                    int channel = wanted.indexOf(delivery.message().channel());
                    if (channel >= 0) {
                        synchronized (into) {
                            into.record(now - moments.get(channel));
                        }
                    }
                });
            }
            if (!over) {
                poll();
            }
        }

        @Override
        public void onFailure(ProtocolException failure) {
            if (!over) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                poll();
            }
        }
    }
}

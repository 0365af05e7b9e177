package dev.rollcall.server.metrics;

import dev.rollcall.engine.redis.RedisHealth;
import dev.rollcall.engine.redis.link.LinkHealth;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** How Redis is, as Prometheus reads it: one line for each master, connection or use there is at the time. */
final class RedisMetrics {
    private final List<RedisHealth> stores;

    RedisMetrics(List<RedisHealth> stores) {
        this.stores = stores;
    }

    void registerIn(PrometheusRegistry registry) {
        registry.register(gauge("rollcall_redis_connection_up", "1 while a connection is open and answers", health -> {
            List<GaugeDataPointSnapshot> points = new ArrayList<>();
            for (LinkHealth.Connection connection : health.link().connections()) {
                points.add(point(
                        connection.isWell() ? 1 : 0,
                        Labels.of("use", health.use(), "master", connection.master(), "connection", connection.use())));
            }
            return points;
        }));
        registry.register(ofUse(
                "rollcall_redis_partitions_away",
                "Partitions that cannot be asked",
                health -> health.link().partitionsAway()));
        registry.register(ofUse(
                "rollcall_redis_partitions_mute",
                "Partitions that can be asked, but tell no news",
                health -> health.link().partitionsMute()));
        registry.register(ofUse(
                "rollcall_redis_partitions_unread",
                "Partitions that have not been read for a while though they can be asked",
                RedisHealth::unread));
        registry.register(ofUse(
                "rollcall_redis_topics_lost",
                "Topics that have not been followed for a while though they are wanted",
                health -> health.link().topicsLost()));
        registry.register(
                ofMaster("rollcall_redis_memory_used_bytes", "Bytes that a master uses", memory -> memory.usedBytes()));
        registry.register(ofMaster(
                "rollcall_redis_memory_limit_bytes",
                "The maxmemory of a master, 0 for none",
                memory -> memory.limitBytes()));
        registry.register(ofMaster(
                "rollcall_redis_full",
                "1 while a master is so full that nothing new is stored there",
                memory -> memory.isFull() ? 1 : 0));
        registry.register(ofMaster(
                "rollcall_redis_may_evict",
                "1 while the maxmemory-policy of a master lets it evict what it has to keep",
                memory -> memory.mayEvict() ? 1 : 0));
    }

    private Collector ofUse(String name, String help, ToDoubleFunction<RedisHealth> value) {
        return gauge(name, help, health -> List.of(point(value.applyAsDouble(health), Labels.of("use", health.use()))));
    }

    private Collector ofMaster(String name, String help, ToDoubleFunction<RedisHealth.Memory> value) {
        return gauge(
                name,
                help,
                health -> health.memory().stream()
                        .map(memory -> point(value.applyAsDouble(memory), Labels.of("master", memory.master())))
                        .toList());
    }

    private Collector gauge(String name, String help, Function<RedisHealth, List<GaugeDataPointSnapshot>> points) {
        return () -> {
            GaugeSnapshot.Builder snapshot = GaugeSnapshot.builder().name(name).help(help);
            stores.forEach(health -> points.apply(health).forEach(snapshot::dataPoint));
            return snapshot.build();
        };
    }

    private static GaugeDataPointSnapshot point(double value, Labels labels) {
        return GaugeDataPointSnapshot.builder().value(value).labels(labels).build();
    }
}

package dev.rollcall.server.metrics;

import dev.rollcall.engine.EngineCounts;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.memory.MemoryKind;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/** All counts as Prometheus reads them. One thread only; made when somebody first asks, for it loads many classes. */
public final class MetricsPage implements AutoCloseable {
    private final ServerMetrics metrics;
    private final CachedCounts source;
    private final MemoryBudget memory;
    private final Vitals vitals;
    private final Daemons daemons;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final Set<Object> registered = Collections.newSetFromMap(new IdentityHashMap<>());

    private EngineCounts counts;

    /** Makes a page of nothing yet. */
    public MetricsPage(
            ServerMetrics metrics, CachedCounts source, MemoryBudget memory, Vitals vitals, Daemons daemons) {
        this.memory = memory;
        this.metrics = metrics;
        this.source = source;
        this.vitals = vitals;
        this.daemons = daemons;
        counts = source.get();
        registerBuild();
        registerEngine();
        registerConnections();
        registerLimits();
        registerVitals();
        registerSnapshots();
        registerMemory();
        registerConfig();
        if (!vitals.stores().isEmpty()) {
            new RedisMetrics(vitals.stores()).registerIn(registry.getPrometheusRegistry());
        }
        registerJvm();
    }

    /** Returns the page. */
    public String text() {
        counts = source.get();
        registerWhatOccurred();
        return registry.scrape();
    }

    private void registerEngine() {
        gauge("rollcall.keysets", "Keysets about which anything is known", EngineCounts::keysets);
        gauge("rollcall.channels", "Channels about which anything is known", EngineCounts::channels);
        gauge("rollcall.occupants", "Pairs of a user and a channel the user is present in", EngineCounts::occupants);
        gauge("rollcall.absentees", "Users of whom something is remembered for a while", EngineCounts::absentees);
        gauge("rollcall.feeds", "Feeds of channels, presence channels and wildcards", EngineCounts::feeds);
        gauge("rollcall.messages", "Messages held for those who come back for them", EngineCounts::messages);
        gauge("rollcall.polls", "Subscribes that wait", EngineCounts::polls);
        gauge("rollcall.groups", "Channel groups with at least one channel", EngineCounts::groups);
        counter("rollcall.untracked", "Joins to channels that no rule tracks", metrics.untracked());
        registry.getPrometheusRegistry()
                .register(histogram(
                        "rollcall_timeout_lateness_seconds",
                        "How late leases ended after their deadline",
                        metrics.lateness()));
        registry.getPrometheusRegistry()
                .register(histogram(
                        "rollcall_delivery_seconds",
                        "How long after it was published or announced something was handed to those who waited for it",
                        metrics.requests().deliveries()));
        registry.getPrometheusRegistry().register(requests());
        Gauge.builder("rollcall.timeout.lateness.max", metrics.lateness(), Histogram::maxSeconds)
                .description("The latest that a lease ended after its deadline")
                .baseUnit("seconds")
                .register(registry);
    }

    private void registerBuild() {
        Gauge.builder("rollcall.build.info", () -> 1)
                .description("1, with what is running as labels")
                .tag("version", BuildInfo.version())
                .tag("java", BuildInfo.java())
                .register(registry);
    }

    private static Collector histogram(String name, String help, Histogram histogram) {
        return () -> HistogramSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(
                                ClassicHistogramBuckets.of(histogram.boundsSeconds(), histogram.counts()))
                        .sum(histogram.sumSeconds())
                        .build())
                .build();
    }

    private Collector requests() {
        return () -> {
            HistogramSnapshot.Builder all = HistogramSnapshot.builder()
                    .name("rollcall_requests_seconds")
                    .help(
                            "Answered requests and the time the server had them; subscribes count without the time they waited");
            metrics.requests()
                    .visit((operation, status, count) ->
                            all.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                                    .labels(Labels.of(
                                            "operation", operation.label(), "status", Integer.toString(status)))
                                    .classicHistogramBuckets(
                                            ClassicHistogramBuckets.of(count.boundsSeconds(), count.counts()))
                                    .sum(count.seconds())
                                    .build()));
            return all.build();
        };
    }

    private void registerConnections() {
        counter("rollcall.connections.opened", "Connections accepted", metrics.opened());
        Gauge.builder("rollcall.connections", metrics, ServerMetrics::connections)
                .description("Connections that are open")
                .register(registry);
        counter(
                "rollcall.engine.failures",
                "Faults inside the engine, each of which cost one poll, timer or event",
                metrics.engineFailures());
        counter(
                "rollcall.http.errors",
                "Faults of the server for which one request or one connection paid",
                metrics.httpErrors());
        counter(
                "rollcall.connections.accept.failures",
                "How often the system had nothing left for one more connection",
                metrics.acceptFailures());
        metrics.dropped()
                .forEach((reason, count) -> FunctionCounter.builder(
                                "rollcall.connections.dropped", count, LongAdder::sum)
                        .description("Connections the server closed for a reason of its own")
                        .tag("reason", reason.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .register(registry));
    }

    private void registerLimits() {
        metrics.limits()
                .forEach((limit, count) -> FunctionCounter.builder("rollcall.limits.reached", count, LongAdder::sum)
                        .description("Requests refused and connections dropped because of a limit")
                        .tag("limit", limit.label())
                        .register(registry));
    }

    private void registerVitals() {
        Gauge.builder("rollcall.clock.lag", vitals, Vitals::clockLagSeconds)
                .description("For how long something has been due in the engine that is not done")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("rollcall.loop.lag", vitals, Vitals::loopLagSeconds)
                .description("How long the slowest event loop has not turned, beyond half a second")
                .baseUnit("seconds")
                .register(registry);
    }

    private void registerSnapshots() {
        Gauge.builder("rollcall.data.writable", vitals, Vitals::dataWritable)
                .description(
                        "1 while the data directory can be written, 0 from when it could not; no number where there is none")
                .register(registry);
        Gauge.builder("rollcall.snapshot.age", vitals, Vitals::snapshotAgeSeconds)
                .description("How long ago presence was kept in the data directory last; no number where it is not")
                .baseUnit("seconds")
                .register(registry);
    }

    private void registerMemory() {
        for (MemoryKind kind : MemoryKind.values()) {
            Gauge.builder("rollcall.memory.used", memory, all -> all.used(kind))
                    .description("Bytes held for clients")
                    .baseUnit("bytes")
                    .tag("kind", kind.label())
                    .register(registry);
            Gauge.builder("rollcall.memory.limit", memory, all -> all.limit(kind))
                    .description("The most bytes of each kind held for clients")
                    .baseUnit("bytes")
                    .tag("kind", kind.label())
                    .register(registry);
            FunctionCounter.builder("rollcall.memory.refused", memory, all -> all.refusals(kind))
                    .description("New things refused because there was no room for them")
                    .tag("kind", kind.label())
                    .register(registry);
            FunctionCounter.builder("rollcall.memory.forgotten", memory, all -> all.forgotten(kind))
                    .description("Things forgotten earlier than usual to make room")
                    .tag("kind", kind.label())
                    .register(registry);
        }
        Gauge.builder("rollcall.memory.budget", memory, MemoryBudget::limit)
                .description("The most bytes held for clients in all")
                .baseUnit("bytes")
                .register(registry);
    }

    private void registerConfig() {
        counter("rollcall.config.refused", "Configuration files read again and refused", metrics.configsRefused());
        Gauge.builder("rollcall.config.stale", metrics, all -> all.isConfigRefused() ? 1 : 0)
                .description("1 while the configuration file is not the one in force, for it was refused")
                .register(registry);
    }

    private void registerJvm() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        gc.bindTo(registry);
    }

    /** Registers what has no line before it occurs first. */
    private void registerWhatOccurred() {
        metrics.events()
                .forEach((action, count) -> once(
                        count,
                        () -> FunctionCounter.builder("rollcall.presence.events", count, LongAdder::sum)
                                .description("Presence events")
                                .tag("action", action)
                                .register(registry)));
        metrics.refused()
                .forEach((status, count) -> once(
                        count,
                        () -> FunctionCounter.builder("rollcall.requests.refused", count, LongAdder::sum)
                                .description("Requests refused before they reached a route")
                                .tag("status", status.toString())
                                .register(registry)));
        daemons.failures()
                .keySet()
                .forEach(task -> once(
                        task,
                        () -> FunctionCounter.builder("rollcall.task.failures", daemons, all -> all.failures(task))
                                .description("Runs of the server's own tasks that failed; each of them goes on")
                                .tag("task", task)
                                .register(registry)));
        for (MissingFeature feature : MissingFeature.values()) {
            LongAdder count = metrics.requests().missingCount(feature);
            once(
                    count,
                    () -> FunctionCounter.builder("rollcall.missing.features", count, LongAdder::sum)
                            .description("Requests for features of the hosted service that Rollcall does not have")
                            .tag("feature", feature.label())
                            .register(registry));
        }
        metrics.scripts().counts().forEach((script, count) -> once(count, () -> registerScript(script, count)));
        metrics.causes()
                .visit((keyset, isJoin, cause, count) -> once(
                        count,
                        () -> FunctionCounter.builder(
                                        isJoin ? "rollcall.joins" : "rollcall.departures", count, LongAdder::sum)
                                .description(
                                        isJoin
                                                ? "Users who joined a channel, by what made them"
                                                : "Users who are gone from a channel, by why")
                                .tag("keyset", keyset)
                                .tag("cause", cause)
                                .register(registry)));
    }

    private void registerScript(String script, ScriptMetrics.Count count) {
        FunctionTimer.builder(
                        "rollcall.redis.scripts",
                        count,
                        ScriptMetrics.Count::calls,
                        ScriptMetrics.Count::seconds,
                        TimeUnit.SECONDS)
                .description("Calls of Redis scripts and the time until Redis had answered")
                .tag("script", script)
                .register(registry);
        FunctionCounter.builder("rollcall.redis.failures", count.failures(), LongAdder::sum)
                .description("Calls of Redis scripts without an answer")
                .tag("script", script)
                .register(registry);
    }

    /** Registers a count unless it is already; the registry warns of what is registered again. */
    private void once(Object count, Runnable register) {
        if (registered.add(count)) {
            register.run();
        }
    }

    private void gauge(String name, String description, ToLongFunction<EngineCounts> count) {
        Gauge.builder(name, () -> count.applyAsLong(counts))
                .description(description)
                .register(registry);
    }

    private void counter(String name, String description, LongAdder count) {
        FunctionCounter.builder(name, count, LongAdder::sum)
                .description(description)
                .register(registry);
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}

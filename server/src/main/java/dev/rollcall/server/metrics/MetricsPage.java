package dev.rollcall.server.metrics;

import dev.rollcall.engine.Engine;
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
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/** All counts as Prometheus reads them. One thread only; made when somebody first asks, for it loads many classes. */
final class MetricsPage implements AutoCloseable {
    private static final long COUNTS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ServerMetrics metrics;
    private final Engine engine;
    private final MemoryBudget memory;
    private final Vitals vitals;
    private final Daemons daemons;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final Set<Object> registered = Collections.newSetFromMap(new IdentityHashMap<>());

    private EngineCounts counts;
    private long countedNanos;

    MetricsPage(ServerMetrics metrics, Engine engine, MemoryBudget memory, Vitals vitals, Daemons daemons) {
        this.memory = memory;
        this.metrics = metrics;
        this.engine = engine;
        this.vitals = vitals;
        this.daemons = daemons;
        counts = engine.counts();
        countedNanos = System.nanoTime();
        registerEngine();
        registerConnections();
        registerLimits();
        registerVitals();
        registerMemory();
        registerConfig();
        if (!vitals.stores().isEmpty()) {
            new RedisMetrics(vitals.stores()).registerIn(registry.getPrometheusRegistry());
        }
        registerJvm();
    }

    /** Returns the page. */
    String text() {
        // Walking through the engine costs; of requests that come close together all but the first get the same.
        if (System.nanoTime() - countedNanos > COUNTS_NANOS) {
            counts = engine.counts();
            countedNanos = System.nanoTime();
        }
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
        registry.getPrometheusRegistry().register(lateness());
        Gauge.builder("rollcall.timeout.lateness.max", metrics.lateness(), Lateness::maxSeconds)
                .description("The latest that a lease ended after its deadline")
                .baseUnit("seconds")
                .register(registry);
    }

    private Collector lateness() {
        Lateness lateness = metrics.lateness();
        return () -> HistogramSnapshot.builder()
                .name("rollcall_timeout_lateness_seconds")
                .help("How late leases ended after their deadline")
                .dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(
                                ClassicHistogramBuckets.of(lateness.boundsSeconds(), lateness.counts()))
                        .sum(lateness.sumSeconds())
                        .build())
                .build();
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
        metrics.requests()
                .visit((operation, status, count) -> once(
                        count,
                        () -> FunctionTimer.builder(
                                        "rollcall.requests",
                                        count,
                                        RequestMetrics.Count::requests,
                                        RequestMetrics.Count::seconds,
                                        TimeUnit.SECONDS)
                                .description(
                                        "Answered requests and the time the server had them; polls count without the time they waited")
                                .tag("operation", operation.label())
                                .tag("status", Integer.toString(status))
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

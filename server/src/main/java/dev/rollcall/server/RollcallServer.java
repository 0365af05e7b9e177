package dev.rollcall.server;

import dev.rollcall.engine.Engine;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.engine.embedded.group.GroupStore;
import dev.rollcall.engine.memory.MemoryBudget;
import dev.rollcall.engine.redis.RedisEngine;
import dev.rollcall.engine.redis.RedisOptions;
import dev.rollcall.server.access.AccessControl;
import dev.rollcall.server.access.grant.DurableGrantStore;
import dev.rollcall.server.access.grant.RedisGrantStore;
import dev.rollcall.server.admin.AdminParts;
import dev.rollcall.server.admin.AdminRoute;
import dev.rollcall.server.config.ConfigListener;
import dev.rollcall.server.config.ConfigOrigin;
import dev.rollcall.server.config.ConfigReload;
import dev.rollcall.server.config.ConfigWatch;
import dev.rollcall.server.config.KeysetRegistry;
import dev.rollcall.server.config.ProtectionConfig;
import dev.rollcall.server.config.RedisConfig;
import dev.rollcall.server.config.RollcallConfig;
import dev.rollcall.server.console.ConsoleRoute;
import dev.rollcall.server.emulator.Emulator;
import dev.rollcall.server.emulator.api.EmulatorApi;
import dev.rollcall.server.http.ConnectionGate;
import dev.rollcall.server.http.Handler;
import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.HttpServerOptions;
import dev.rollcall.server.http.TrustedProxies;
import dev.rollcall.server.http.listen.CertificateWatch;
import dev.rollcall.server.http.listen.HttpServer;
import dev.rollcall.server.limit.ClientLimits;
import dev.rollcall.server.metrics.BuildInfo;
import dev.rollcall.server.metrics.CachedCounts;
import dev.rollcall.server.metrics.ServerMetrics;
import dev.rollcall.server.metrics.Vitals;
import dev.rollcall.server.operator.AdminPort;
import dev.rollcall.server.operator.Door;
import dev.rollcall.server.route.FrontPage;
import dev.rollcall.server.route.Router;
import dev.rollcall.server.signal.ServiceManager;
import dev.rollcall.server.store.DataDirectory;
import dev.rollcall.server.store.DurableGroupStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server. Started whole or not at all; each step of the start is undone by {@link #close}, the last one first. Safe from any
 * thread.
 */
public final class RollcallServer implements AutoCloseable {
    /** The longest that {@link #close} takes. */
    public static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(RollcallServer.class);
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(2);
    private static final Duration ADMIN_PATIENCE = Duration.ofMillis(200);

    private static final Duration MEMORY_PERIOD = Duration.ofSeconds(1);
    private static final Duration ACCESS_PERIOD = Duration.ofSeconds(1);

    private final Daemons daemons = new Daemons(System::nanoTime);
    private final Steps steps = new Steps();
    private final RollcallConfig config;
    private final HttpServer http;
    private final HttpServer admin;

    /** What controls an emulator over HTTP, or null. */
    private final @Nullable EmulatorApi emulatorApi;

    /** Starts a server on the clocks of the machine. */
    public static RollcallServer start(RollcallConfig config) {
        return start(config, EngineTime.system());
    }

    /**
     * Starts a server whose engine goes by {@code time}.
     *
     * @throws java.io.UncheckedIOException if a port cannot be had, or the data directory cannot be used
     * @throws IllegalArgumentException if the TLS files cannot be used
     */
    public static RollcallServer start(RollcallConfig config, EngineTime time) {
        return start(config, time, ServiceManager.NONE);
    }

    /** Starts a server that tells {@code manager} when it has read its configuration again, that it is alive, and when it stops. */
    static RollcallServer start(RollcallConfig config, EngineTime time, ServiceManager manager) {
        return new RollcallServer(config, time, manager, null);
    }

    /**
     * Starts an emulator: a server that goes by a clock which is moved, for tests of what is built on it. Keeps nothing.
     *
     * @param emulator moves its clock; of no other server
     * @throws java.io.UncheckedIOException if a port cannot be had
     * @throws IllegalArgumentException if the TLS files cannot be used, presence is to be kept anywhere but in the memory of this process, or
     *     others than this machine could reach it
     */
    public static RollcallServer start(RollcallConfig config, Emulator emulator) {
        if (config.redis() != null) {
            throw new IllegalArgumentException(
                    "engine: redis (expected: embedded; the clock of an emulator cannot be moved for others)");
        }
        if (config.data() != null) {
            throw new IllegalArgumentException(
                    "data: " + config.data() + " (expected: none; an emulator keeps nothing)");
        }
        InetAddress host = new InetSocketAddress(config.host(), 0).getAddress();
        if (host == null || !host.isLoopbackAddress()) {
            throw new IllegalArgumentException("host: " + config.host()
                    + " (expected: 127.0.0.1 or another loopback address; an emulator is for the machine that tests)");
        }
        return new RollcallServer(config, emulator.time(), ServiceManager.NONE, emulator);
    }

    private RollcallServer(
            RollcallConfig config, EngineTime time, ServiceManager manager, @Nullable Emulator emulator) {
        this.config = config;
        try {
            var keysets = new KeysetRegistry(config.keysets(), config.defaults(), config.file() != null);
            var metrics = new ServerMetrics(time::epochMillis);
            if (config.logging().logsRequests()) {
                metrics.requests().logRequests();
            }
            var memory = new MemoryBudget(config.protection().memoryBudget());
            metrics.countBuffersIn(memory);
            DaemonThread watch = daemons.thread("memory");
            watch.repeat(MEMORY_PERIOD, MEMORY_PERIOD, new MemoryWatch(memory, System::nanoTime)::run);
            steps.started("memory watch", watch);
            var vitals = new Vitals();
            DataDirectory data = data(config);
            if (data != null) {
                vitals.watchData(data::isWritable);
            }
            DaemonThread accessThread = daemons.thread("access");
            Parts parts = new Parts(keysets, time, metrics, vitals, memory);
            AccessControl access = emulator == null
                    ? access(parts, data, accessThread)
                    : AccessControl.emulated(
                            keysets, memory, time::epochMillis, System::currentTimeMillis, accessThread);
            steps.started("grants", access);
            if (emulator == null) {
                // Ends the polls that have lost their ground, and looks at the clock.
                accessThread.repeat(ACCESS_PERIOD, ACCESS_PERIOD, access::advance);
            } else {
                emulator.govern(access, accessThread);
            }
            steps.started("access", accessThread);
            Engine engine = emulator == null ? engine(parts, data) : engine(parts, emulator);
            ProtectionConfig protection = config.protection();
            var limits = new ClientLimits(protection.clients(), metrics, System::nanoTime);
            Supplier<ConfigOrigin> origin = config::origin;
            if (config.file() != null) {
                ConfigReload reload = new ConfigReload(
                        config.origin(), keysets, engine, limits, protection.given(), listener(metrics, manager));
                steps.started("configuration watch", ConfigWatch.start(reload, daemons.thread("config")));
                origin = reload::origin;
            }
            Door door = new Door(protection.admin(), config.adminHost(), System::nanoTime);
            ConsoleRoute console = protection.admin().hasConsole() ? new ConsoleRoute() : null;
            AdminRoute adminRoute = adminRoute(parts, engine, door, origin, console);
            steps.started("metrics", adminRoute);
            EmulatorApi api = null;
            if (emulator != null && emulator.hasApi()) {
                api = new EmulatorApi(emulator, keysets, door, daemons);
                steps.started("emulator api", api);
                adminRoute.extend(EmulatorApi.PREFIX, api);
                // Those who follow events follow those of the engine that was replaced.
                emulator.onReset(adminRoute::endEventStreams);
            }
            emulatorApi = api;
            admin = HttpServer.bind(adminOptions(config, adminRoute, emulator != null), adminRoute);
            steps.started("admin port", () -> admin.close(ADMIN_PATIENCE));
            Handler router = new FrontPage(new Router(engine, keysets, access, limits, metrics.requests()), limits);
            if (emulator != null) {
                DaemonThread later = daemons.thread("faults");
                steps.started("faults", later);
                router = emulator.inFrontOf(router, later);
            }
            http = HttpServer.bind(options(config, limits), metrics, router);
            vitals.watchLoops(http::loopLagNanos);
            adminRoute.clientsAt(config.tls() == null ? "http" : "https", http.port());
            steps.started("open requests", () -> http.close(ANSWER_PATIENCE));
            if (config.tls() != null) {
                steps.started(
                        "certificate watch", CertificateWatch.start(config.tls(), http, daemons.thread("certificate")));
            }
            if (config.tls() != null && protection.admin().tls() == AdminPort.Tls.ON) {
                steps.started(
                        "certificate watch of the admin port",
                        CertificateWatch.start(config.tls(), admin, daemons.thread("admin-certificate")));
            }
            if (emulator != null) {
                DaemonThread clock = daemons.thread("clock");
                emulator.runOn(clock);
                steps.started("clock", clock);
                steps.started("emulator", emulator::stop);
            }
            // Closing an engine answers the polls that wait, and those answers still have to go out.
            steps.started("waiting polls", engine);
            steps.started("new connections", http::stopAccepting);
            adminRoute.serving(true);
            steps.started("readiness", () -> adminRoute.serving(false));
            steps.started("watchdog", manager.pulse(vitals::isHealthy, daemons));
            steps.started("service manager", manager::stopping);
        } catch (RuntimeException | Error e) {
            FatalErrors.check(e);
            steps.close(CLOSE_WITHIN);
            throw e;
        }
        log.info("listening host={} port={} admin-port={}", config.host(), port(), adminPort());
    }

    private AdminRoute adminRoute(
            Parts parts, Engine engine, Door door, Supplier<ConfigOrigin> origin, @Nullable ConsoleRoute console) {
        return new AdminRoute(
                new AdminParts(
                        engine,
                        config.redis() == null ? "embedded" : "redis",
                        new CachedCounts(engine::counts, System::nanoTime),
                        parts.keysets,
                        parts.metrics,
                        parts.memory,
                        parts.vitals,
                        daemons,
                        door,
                        parts.time,
                        origin),
                config.protection().admin().isApiOn(),
                console);
    }

    /**
     * The longest body that an emulator takes: what was there, written down, is put back in one piece. Nobody but whoever runs the emulator
     * reaches its admin port.
     */
    private static final int EMULATOR_BODY_BYTES = 16 << 20;

    private static HttpServerOptions adminOptions(RollcallConfig config, AdminRoute route, boolean isEmulator) {
        ProtectionConfig protection = config.protection();
        AdminPort port = protection.admin();
        boolean isBehindProxy = port.tls() == AdminPort.Tls.PROXY;
        return new HttpServerOptions(
                        config.adminHost(),
                        config.adminPort(),
                        1,
                        port.tls() == AdminPort.Tls.ON ? config.tls() : null,
                        isEmulator
                                ? HttpLimits.builder()
                                        .bodyBytes(EMULATOR_BODY_BYTES)
                                        .build()
                                : HttpLimits.defaults(),
                        isBehindProxy ? protection.proxies() : TrustedProxies.NONE,
                        ConnectionGate.OPEN)
                .onlyAskedBy(route.hosts(config.adminHost() + ',' + port.hosts()));
    }

    /** What an engine is made of, beside where it keeps things. */
    private record Parts(
            KeysetRegistry keysets, EngineTime time, ServerMetrics metrics, Vitals vitals, MemoryBudget memory) {
        EmbeddedEngine embedded(GroupStore groups, Executor helper) {
            // Of one that could not be restored nothing is left.
            memory.forgetEngine();
            return new EmbeddedEngine(keysets, time, metrics, groups, helper, memory);
        }
    }

    private Engine engine(Parts parts, @Nullable DataDirectory data) {
        RedisConfig redis = config.redis();
        if (redis != null) {
            RedisEngine engine = RedisEngine.start(
                    options(redis, parts.memory),
                    parts.keysets,
                    parts.time,
                    parts.metrics,
                    parts.metrics.scripts(),
                    daemons);
            parts.vitals.watchStore(engine.health());
            engine.announce(BuildInfo.version(), parts.metrics::connections);
            steps.started("engine", engine);
            return engine;
        }
        EmbeddedEngine engine;
        // Stopped after the engine, whose last answers it may have.
        Helpers helpers = Helpers.start(daemons);
        steps.started("helpers", helpers);
        if (data == null) {
            engine = parts.embedded(GroupStore.NONE, helpers);
            steps.started("engine", engine);
        } else {
            GroupStore groups = DurableGroupStore.open(data);
            engine = Snapshots.restored(() -> parts.embedded(groups, helpers), data.path(), config.restart());
            steps.started("engine", engine);
            steps.started(
                    "timetokens",
                    TimetokenReserve.start(engine, parts.time, data.path(), daemons.thread("timetokens")));
            // Stopped after the last request and the last timeout, so that it misses none.
            Snapshots snapshots = Snapshots.start(engine, data.path(), config.restart(), daemons.thread("snapshots"));
            steps.started("snapshots", snapshots);
            if (!config.restart().interval().isZero()) {
                parts.vitals.watchSnapshots(snapshots::ageNanos, snapshots::dueNanos);
            }
        }
        EngineClock clock = EngineClock.start(engine, daemons.thread("clock"), System::nanoTime);
        parts.vitals.watchClock(clock::lagNanos);
        steps.started("engine clock", clock);
        return engine;
    }

    private Engine engine(Parts parts, Emulator emulator) {
        Engine engine = emulator.engine(
                parts.metrics,
                parts.memory,
                listener ->
                        new EmbeddedEngine(parts.keysets, parts.time, listener, GroupStore.NONE, null, parts.memory));
        steps.started("engine", engine);
        return engine;
    }

    private @Nullable DataDirectory data(RollcallConfig config) {
        Path path = config.data();
        if (path == null) {
            return null;
        }
        if (config.redis() != null) {
            log.warn("data is not used: with the engine redis everything is in Redis data={}", path);
            return null;
        }
        DataDirectory directory = DataDirectory.open(path, daemons);
        steps.started("data directory", directory);
        return directory;
    }

    private AccessControl access(Parts parts, @Nullable DataDirectory data, Executor executor) {
        RedisConfig redis = config.redis();
        if (redis != null) {
            var store =
                    RedisGrantStore.open(options(redis, parts.memory), parts.time, parts.metrics.scripts(), daemons);
            parts.vitals.watchStore(store.health());
            return AccessControl.shared(parts.keysets, store, executor);
        }
        return data == null
                ? AccessControl.inMemory(parts.keysets, parts.memory, parts.time::epochMillis, executor)
                : AccessControl.durable(
                        parts.keysets, DurableGrantStore.open(data, parts.memory), parts.time::epochMillis, executor);
    }

    private static ConfigListener listener(ServerMetrics metrics, ServiceManager manager) {
        return new ConfigListener() {
            @Override
            public void onTaken() {
                metrics.onConfigTaken();
                manager.reloaded(null);
            }

            @Override
            public void onRefused() {
                metrics.onConfigRefused();
                manager.reloaded("the configuration file is wrong, the last good one is in force; the log says why");
            }
        };
    }

    private static RedisOptions options(RedisConfig redis, MemoryBudget memory) {
        return RedisOptions.of(redis.url()).withPrefix(redis.prefix()).withMemory(memory);
    }

    private static HttpServerOptions options(RollcallConfig config, ClientLimits limits) {
        return new HttpServerOptions(
                config.host(),
                config.port(),
                HttpServerOptions.defaultEventLoops(),
                config.tls(),
                config.protection().http(),
                config.protection().proxies(),
                limits);
    }

    /** Returns the port that clients use. */
    public int port() {
        return http.port();
    }

    /** Returns the port of health, readiness, metrics and the API of operators. */
    public int adminPort() {
        return admin.port();
    }

    /** Returns where clients find the server. */
    public URI uri() {
        return uri(config.tls() != null, config.host(), port(), "");
    }

    /** Returns where operators find the console, or null if there is none. */
    public @Nullable URI consoleUri() {
        AdminPort port = config.protection().admin();
        return port.hasConsole()
                ? uri(port.tls() != AdminPort.Tls.OFF, config.adminHost(), adminPort(), ConsoleRoute.PATH)
                : null;
    }

    private static URI uri(boolean isSecure, String host, int port, String path) {
        String bracketed = host.indexOf(':') >= 0 && !host.startsWith("[") ? '[' + host + ']' : host;
        return URI.create((isSecure ? "https" : "http") + "://" + bracketed + ':' + port + path);
    }

    /**
     * Stops: takes no more connections, answers the polls that wait, and ends within {@link #CLOSE_WITHIN}. Does nothing when called
     * again.
     */
    @Override
    public void close() {
        stop();
    }

    /** Stops as {@link #close} does, and returns whether all of it went well and in time. */
    boolean stop() {
        return steps.close(CLOSE_WITHIN);
    }

    /** Returns what controls the emulator that this is over HTTP, or null. */
    @Nullable
    EmulatorApi emulatorApi() {
        return emulatorApi;
    }

    /** Returns the threads of the server, but for event loops, and what has failed on them. */
    Daemons daemons() {
        return daemons;
    }
}

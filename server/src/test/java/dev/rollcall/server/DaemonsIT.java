package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.server.config.ConfigReader;
import dev.rollcall.server.config.RollcallConfig;
import dev.rollcall.server.config.Setting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every thread that a server starts outlives what is thrown on it; what is not done for a while is seen from outside. */
class DaemonsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PREFIX = "rollcall-";
    private static final String LOOPS = "rollcall-http-";

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();
    private RollcallServer server;

    /** What reading the time does, and on which threads. */
    private volatile String failsOn = "nowhere";

    private volatile Runnable failure = () -> {};

    private final EngineTime time = new EngineTime() {
        private final EngineTime real = EngineTime.system();

        @Override
        public long epochMillis() {
            return real.epochMillis();
        }

        @Override
        public long monotonicMillis() {
            if (Thread.currentThread().getName().startsWith(failsOn)) {
                failure.run();
            }
            return real.monotonicMillis();
        }
    };

    @BeforeEach
    void start() throws IOException {
        Path file = Files.writeString(
                folder.resolve("rollcall.yaml"), "keysets: [{subscribe-key: demo, publish-key: demo}]\n");
        RollcallConfig config = ConfigReader.read(
                Map.of(
                        Setting.PORT, "0",
                        Setting.ADMIN_PORT, "0",
                        Setting.CONFIG, file.toString(),
                        Setting.SNAPSHOT_INTERVAL, "100ms",
                        Setting.DATA, folder.resolve("data").toString()),
                Map.of());
        server = RollcallServer.start(config, time);
    }

    @AfterEach
    void stop() {
        failsOn = "nowhere";
        server.close();
    }

    private HttpResponse<String> get(int port, String path) throws Exception {
        return client.sendAsync(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        BodyHandlers.ofString())
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private HttpResponse<String> ready() throws Exception {
        return get(server.adminPort(), "/ready");
    }

    @Test
    void everyThread_isAnEventLoopOrADaemonThatOutlivesErrors() throws Exception {
        assertThat(get(server.adminPort(), "/metrics").statusCode()).isEqualTo(200);
        assertThat(get(server.adminPort(), "/admin/v1/overview").statusCode()).isEqualTo(200);
        get(server.port(), "/v1/channel-registration/sub-key/demo/channel-group/g?add=c");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(threads().stream().filter(name -> !name.startsWith(LOOPS)))
                        .containsExactlyInAnyOrderElementsOf(server.daemons().threads().stream()
                                .map(thread -> PREFIX + thread.name())
                                .toList())
                        .contains("rollcall-clock", "rollcall-snapshots", "rollcall-timetokens", "rollcall-config")
                        .contains("rollcall-access", "rollcall-metrics", "rollcall-data", "rollcall-memory"));
        for (DaemonThread thread : server.daemons().threads()) {
            if (thread.name().equals("data")) {
                // One loop for as long as it lives; DataDirectoryTest throws into it.
                continue;
            }
            long failures = server.daemons().failures(thread.name());
            var before = new AtomicReference<Thread>();
            var after = new AtomicReference<Thread>();
            thread.execute(() -> {
                before.set(Thread.currentThread());
                throw new AssertionError("thrown on purpose");
            });
            thread.submit(() -> after.set(Thread.currentThread())).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(after.get()).as(thread.name()).isSameAs(before.get());
            assertThat(server.daemons().failures(thread.name())).isGreaterThan(failures);
        }
        assertThat(get(server.adminPort(), "/metrics").body())
                .containsPattern("rollcall_task_failures_total\\{task=\"clock\"} [1-9]")
                .contains("rollcall_clock_lag_seconds", "rollcall_loop_lag_seconds");
    }

    /** Threads of the server that were not there before. */
    private Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !threadsBefore.contains(thread))
                .map(Thread::getName)
                .filter(name -> name.startsWith(PREFIX))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void clock_thatFailsIsSeenInReadyAndGoesOn() throws Exception {
        failure = () -> {
            throw new AssertionError("thrown on purpose");
        };
        failsOn = "rollcall-clock";
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ready().body()).contains("the engine's clock is", "behind"));
        assertThat(ready().statusCode()).isEqualTo(503);
        assertThat(get(server.adminPort(), "/health").body()).isEqualTo("ok\n");
        failsOn = "nowhere";
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ready().statusCode()).isEqualTo(200));
        get(server.port(), "/v2/presence/sub-key/demo/channel/c/heartbeat?uuid=ann&heartbeat=1");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(get(server.port(), "/v2/presence/sub-key/demo/channel/c")
                                .body())
                        .contains("\"occupancy\":0"));
    }

    @Test
    void snapshots_thatFailGoOn() throws Exception {
        failure = () -> {
            throw new AssertionError("thrown on purpose");
        };
        failsOn = "rollcall-snapshots";
        get(server.port(), "/v2/presence/sub-key/demo/channel/c/heartbeat?uuid=ann&heartbeat=300");
        await().atMost(PATIENCE).until(() -> server.daemons().failures("snapshots") > 2);
        failsOn = "nowhere";
        Path file = folder.resolve("data").resolve(Snapshots.FILE);
        Files.deleteIfExists(file);
        await().atMost(PATIENCE).until(() -> Files.exists(file));
    }

    @Test
    void eventLoop_thatHangsIsSeenInReadyAndAnErrorOnItIsOneRequestsOwn() throws Exception {
        failure = () -> {
            throw new StackOverflowError();
        };
        failsOn = LOOPS;
        assertThat(get(server.port(), "/v2/presence/sub-key/demo/channel/c/heartbeat?uuid=ann")
                        .statusCode())
                .isEqualTo(500);
        CountDownLatch latch = new CountDownLatch(1);
        failure = () -> {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        var hanging = client.sendAsync(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port()
                                + "/v2/presence/sub-key/demo/channel/c/heartbeat?uuid=ann"))
                        .build(),
                BodyHandlers.ofString());
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ready().body()).contains("an event loop is", "behind"));
        failsOn = "nowhere";
        latch.countDown();
        assertThat(hanging.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).statusCode())
                .isEqualTo(200);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ready().statusCode()).isEqualTo(200));
    }
}

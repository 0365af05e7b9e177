package dev.rollcall.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.Targets;
import dev.rollcall.engine.contract.RecordingClient;
import dev.rollcall.engine.contract.Sound;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways to Redis other than a plain connection to one open server. */
class SecuredIT {
    private static final SubscribeKey KEY = new SubscribeKey("demo");
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String PASSWORD = "correct-horse";

    @Test
    void userAndPassword_areSentOnEveryConnection() {
        List<String> flags =
                new ArrayList<>(List.of("--user", "default", "off", "--user", "rollcall", "on", ">" + PASSWORD));
        flags.addAll(documentedRights());
        try (RedisServer server = RedisServer.open(flags.toArray(String[]::new))) {
            isServed(server.url().replace("redis://", "redis://rollcall:" + PASSWORD + "@"));
            assertThatThrownBy(() -> start(server.url().replace("redis://", "redis://rollcall:wrong@")))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageNotContaining("wrong");
        }
    }

    /** Returns the rights that the documentation says are enough. */
    private static List<String> documentedRights() {
        try {
            String page = Files.readString(Path.of("..", "docs", "cluster.md"));
            String begin = "ACL SETUSER rollcall on >PASSWORD ";
            int from = page.indexOf(begin) + begin.length();
            return List.of(page.substring(from, page.indexOf('\n', from)).split(" "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void rediss_speaksTlsAndChecksTheCertificate(@TempDir Path trusted, @TempDir Path unknown) throws Exception {
        Certificate known = Certificate.make(trusted);
        Certificate other = Certificate.make(unknown);
        // Before anything speaks TLS: a JVM may keep what it has once read.
        System.setProperty("javax.net.ssl.trustStore", known.store().toString());
        System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
        try (RedisServer server = RedisServer.openTls(known.pem(), known.key());
                RedisServer stranger = RedisServer.openTls(other.pem(), other.key())) {
            assertThat(server.url()).startsWith("rediss://");
            isServed(server.url());
            assertThatThrownBy(() -> start(stranger.url()))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasStackTraceContaining("PKIX");
        } finally {
            System.clearProperty("javax.net.ssl.trustStore");
            System.clearProperty("javax.net.ssl.trustStorePassword");
        }
    }

    @Test
    void sentinel_saysWhichServerAndFollowsAFailover(@TempDir Path folder) throws IOException {
        try (RedisServer master = RedisServer.open();
                RedisServer replica = RedisServer.open(
                        "--replicaof",
                        "127.0.0.1",
                        Integer.toString(master.port()),
                        "--repl-diskless-sync-delay",
                        "0")) {
            Path config = folder.resolve("sentinel.conf");
            Files.writeString(config, """
                    sentinel monitor mine 127.0.0.1 %d 1
                    sentinel down-after-milliseconds mine 1000
                    sentinel failover-timeout mine 3000
                    """.formatted(master.port()));
            try (RedisServer sentinel = RedisServer.openSentinel(config)) {
                await().atMost(PATIENCE)
                        .until(() -> replica.info("replication").contains("master_link_status:up")
                                && sentinel.info("sentinel").contains("slaves=1"));
                String url = "redis-sentinel://127.0.0.1:" + sentinel.port() + "/0#mine";
                try (RedisEngine one = start(url);
                        RedisEngine other = start(url)) {
                    RecordingClient watcher = watcher(other);
                    comes(one, "alice");
                    hears(watcher, "join alice 1");
                    master.awaitReplica();

                    master.kill();
                    await().atMost(PATIENCE).until(() -> tries(one, "bob"));

                    hears(watcher, "join alice 1", "join bob 2");
                }
            }
        }
    }

    /** Two nodes at a URL hear of each other. */
    private static void isServed(String url) {
        try (RedisEngine one = start(url);
                RedisEngine other = start(url)) {
            RecordingClient watcher = watcher(other);
            comes(one, "alice");
            hears(watcher, "join alice 1");
        }
    }

    private static RedisEngine start(String url) {
        return RedisEngine.start(
                RedisOptions.of(url).withCommandTimeout(Duration.ofSeconds(1)),
                key -> KeysetSettings.DEFAULT,
                EngineTime.system(),
                new EngineListener() {},
                ScriptListener.NONE,
                new Daemons(System::nanoTime));
    }

    private static RecordingClient watcher(RedisEngine node) {
        return new RecordingClient(node, KEY, null).subscribes("room-pnpres");
    }

    private static void comes(RedisEngine node, String user) {
        assertThat(tries(node, user)).isTrue();
    }

    private static boolean tries(RedisEngine node, String user) {
        try {
            node.heartbeat(new Heartbeat(KEY, new UserId(user), Targets.of(new Channel("room")), 300, Map.of()))
                    .toCompletableFuture()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (java.util.concurrent.ExecutionException e) {
            return false;
        } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    private static void hears(RecordingClient client, String... texts) {
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(client.unheard().stream().map(Sound::text)).containsExactly(texts));
    }

    /**
     * A certificate of this machine that nobody has signed but itself.
     *
     * @param store with the certificate and its key, for Java
     * @param pem the certificate, for Redis
     * @param key its key, for Redis
     */
    private record Certificate(Path store, Path pem, Path key) {
        static Certificate make(Path folder) throws Exception {
            Path store = folder.resolve("store.p12");
            Process made = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "redis",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "san=ip:127.0.0.1,dns:localhost",
                            "-keystore",
                            store.toString(),
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            PASSWORD))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(made.waitFor()).isZero();
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, PASSWORD.toCharArray());
            }
            Key key = keys.getKey("redis", PASSWORD.toCharArray());
            return new Certificate(
                    trusted(folder, keys),
                    pem(
                            folder.resolve("redis.crt"),
                            "CERTIFICATE",
                            keys.getCertificate("redis").getEncoded()),
                    pem(folder.resolve("redis.key"), "PRIVATE KEY", key.getEncoded()));
        }

        /** Returns a store in which the certificate is trusted, not one that can use it. */
        private static Path trusted(Path folder, KeyStore keys) throws Exception {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("redis", keys.getCertificate("redis"));
            Path file = folder.resolve("trusted.p12");
            try (var out = Files.newOutputStream(file)) {
                trusted.store(out, PASSWORD.toCharArray());
            }
            return file;
        }

        private static Path pem(Path file, String kind, byte[] content) throws IOException {
            String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
            return Files.writeString(file, "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n");
        }
    }
}

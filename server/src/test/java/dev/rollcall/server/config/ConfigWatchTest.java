package dev.rollcall.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.limit.ClientLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWatchTest {
    private static final SubscribeKey A = new SubscribeKey("a");
    private static final SubscribeKey B = new SubscribeKey("b");

    @TempDir
    Path folder;

    private static final String ON =
            "  - subscribe-key: a\n    access-manager: on\n    secret-key: sec-0123456789abcdef\n";
    private static final String OFF = "  - subscribe-key: a\n    access-manager: off\n";

    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    private final ConfigListener listener = new ConfigListener() {
        @Override
        public void onTaken() {
            taken.incrementAndGet();
        }

        @Override
        public void onRefused() {
            refused.incrementAndGet();
        }
    };

    /** A file, and the server that has read it. */
    private final class Loaded implements AutoCloseable {
        final Path file = folder.resolve("rollcall.yaml");
        final ClientLimits limits = ClientLimits.none();
        final KeysetRegistry keysets;
        final EmbeddedEngine engine;
        final ConfigReload reload;

        Loaded(String text) throws IOException {
            Files.writeString(file, text);
            keysets = new KeysetRegistry(ConfigReader.readKeysets(file), KeysetSettings.DEFAULT, true);
            engine = new EmbeddedEngine(keysets, EngineTime.system(), new EngineListener() {});
            reload = new ConfigReload(
                    new ConfigOrigin(file, Map.of(), Map.of()), keysets, engine, limits, Map.of(), listener);
        }

        void take(String text) {
            reload.take(text.getBytes(StandardCharsets.UTF_8));
        }

        boolean isOn() {
            return keysets.access(A) != null;
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    @Test
    void watch_takesGoodFilesAndKeepsWhatItHasOtherwise() throws IOException {
        try (Loaded loaded = new Loaded("keysets: [{subscribe-key: a}]\n");
                ConfigWatch watch = ConfigWatch.start(loaded.reload, new Daemons(System::nanoTime).thread("config"))) {
            KeysetRegistry keysets = loaded.keysets;
            Files.writeString(
                    loaded.file,
                    "max-channels-per-request: 1\nkeysets: [{subscribe-key: a}, {subscribe-key: b, presence: {announce-max: 7}}]\n");
            await().atMost(Duration.ofSeconds(30)).until(() -> taken.get() == 1);
            assertThat(keysets.isKnown(B)).isTrue();
            assertThat(keysets.settings(B).announceMax()).isEqualTo(7);
            assertThatThrownBy(() -> loaded.limits.channels(2)).hasMessageContaining("at most 1");

            for (String bad : new String[] {
                "max-channels-per-request: 0\nkeysets: [{subscribe-key: c}]\n",
                "keysets: nonsense\n",
                "port: 1\n",
                "",
                "[",
                "keysets: [{subscribe-key: c}]",
                "keysets: [{subscribe-key: a}]\n---\nport: 1\n"
            }) {
                int before = refused.get();
                loaded.take(bad);
                assertThat(refused).as(bad).hasValue(before + 1);
                assertThat(keysets.isKnown(A)).isTrue();
                assertThat(keysets.isKnown(new SubscribeKey("c"))).isFalse();
            }
            Files.delete(loaded.file);
            loaded.reload.takeNow();
            assertThat(keysets.isKnown(B)).isTrue();
            int before = refused.get();
            await().atMost(Duration.ofSeconds(30)).until(() -> refused.get() > before);
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void take_knowsWhereThingsStandNow_andWhatTakesARestartAsItWas() throws IOException {
        Path file = Files.writeString(
                folder.resolve("rollcall.yaml"),
                "port: 1\nadmin-port: 2\npoll-hold: 100s\nkeysets:\n  - subscribe-key: a\n");
        RollcallConfig config = ConfigReader.read(
                Map.of(Setting.CONFIG, file.toString(), Setting.HOST, "127.0.0.1"),
                Map.of(Setting.MAX_POLLS_PER_KEY.variable(), "9"));
        KeysetRegistry keysets = new KeysetRegistry(config.keysets(), KeysetSettings.DEFAULT, true);
        try (EmbeddedEngine engine = new EmbeddedEngine(keysets, EngineTime.system(), new EngineListener() {})) {
            ConfigReload reload =
                    new ConfigReload(config.origin(), keysets, engine, ClientLimits.none(), Map.of(), listener);
            assertThat(found(reload, Setting.PORT)).isEqualTo("1 FILE 1");
            reload.take(
                    ("# more\nadmin-port: 2\nport: 3\npoll-hold: 90s\nmax-polls-per-key: 8\nhost: 127.0.0.2\nkeysets:\n"
                                    + "  - subscribe-key: b\n    presence:\n      debounce: 1s\n")
                            .getBytes(StandardCharsets.UTF_8));
            assertThat(taken).hasValue(1);
            // What is in force is that of before; what the file says of it is another.
            assertThat(found(reload, Setting.PORT)).isEqualTo("1 FILE 0");
            assertThat(found(reload, Setting.ADMIN_PORT)).isEqualTo("2 FILE 2");
            assertThat(found(reload, Setting.POLL_HOLD)).isEqualTo("90s FILE 4");
            assertThat(found(reload, Setting.MAX_POLLS_PER_KEY)).isEqualTo("9 ENVIRONMENT 0");
            assertThat(found(reload, Setting.HOST)).isEqualTo("127.0.0.1 FLAG 0");
            assertThat(reload.origin().line(B, "presence.debounce")).isEqualTo(10);
            assertThat(reload.origin().line(B, "")).isEqualTo(8);
            assertThat(reload.origin().line(A, "")).isZero();

            reload.take("port: x\n".getBytes(StandardCharsets.UTF_8));
            assertThat(found(reload, Setting.POLL_HOLD)).isEqualTo("90s FILE 4");
        }
    }

    private static String found(ConfigReload reload, Setting setting) {
        ConfigOrigin.Found found = reload.origin().settings().get(setting);
        return found.shown() + ' ' + found.from() + ' ' + found.line();
    }

    @Test
    void take_everyBeginningOfAFileLeavesTheAccessManagerOn() throws IOException {
        String whole = "# keysets\nkeysets:\n  - subscribe-key: z\n" + ON + "    presence:\n      announce-max: 7\n";
        try (Loaded loaded = new Loaded(whole)) {
            for (int length = 0; length < whole.length(); length++) {
                loaded.take(whole.substring(0, length));
                assertThat(loaded.isOn() || !loaded.keysets.isKnown(A))
                        .as("%d bytes", length)
                        .isTrue();
                loaded.take(whole.substring(0, whole.length() - length));
                assertThat(loaded.isOn() || !loaded.keysets.isKnown(A))
                        .as("all but %d bytes", length)
                        .isTrue();
            }
            loaded.take(whole);
            assertThat(loaded.isOn()).isTrue();
        }
    }

    @Test
    void take_switchesTheAccessManagerOffInSoManyWordsOnly() throws IOException {
        try (Loaded loaded = new Loaded("keysets:\n" + ON)) {
            loaded.take("keysets:\n  - subscribe-key: a\n");
            assertThat(loaded.isOn()).isTrue();
            loaded.take("keysets:\n  - subscribe-key: b\n");
            assertThat(loaded.keysets.isKnown(A)).isFalse();
            loaded.take("keysets:\n  - subscribe-key: a\n");
            assertThat(loaded.keysets.isKnown(A))
                    .as("removed, and back without protection")
                    .isFalse();
            loaded.take("keysets:\n" + OFF);
            assertThat(loaded.keysets.isKnown(A)).isTrue();
            assertThat(loaded.isOn()).isFalse();
            loaded.take("keysets:\n  - subscribe-key: a\n");
            assertThat(taken).hasValue(3);
        }
    }

    @Test
    void take_anEndMarkIsAskedForAgain() throws IOException {
        try (Loaded loaded = new Loaded("keysets:\n" + ON + "...\n")) {
            loaded.take("keysets:\n" + ON);
            assertThat(refused).hasValue(1);
            loaded.take("keysets:\n" + ON + "  - subscribe-key: b\n...\n");
            assertThat(loaded.keysets.isKnown(B)).isTrue();
        }
    }

    @Test
    void take_whatIsTheSameStaysChecked() throws IOException {
        try (Loaded loaded = new Loaded("keysets:\n" + ON)) {
            var before = loaded.keysets.access(A);
            loaded.take("# another comment\nkeysets:\n" + ON);
            assertThat(loaded.keysets.access(A)).isSameAs(before);
            loaded.take("keysets:\n" + ON.replace("abcdef", "fedcba"));
            assertThat(loaded.keysets.access(A)).isNotSameAs(before);
        }
    }

    @Test
    void look_givesAwayWhatStaysTheSameForTwoLooks() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "one");
        SettledFile settled = new SettledFile(file);
        assertThat(settled.look()).isNull();
        Files.writeString(file, "half");
        assertThat(settled.look()).isNull();
        Files.writeString(file, "half and more");
        assertThat(settled.look()).as("it has grown since").isNull();
        assertThat(settled.look()).asString(StandardCharsets.UTF_8).isEqualTo("half and more");
        assertThat(settled.look()).isNull();
        settled.again();
        assertThat(settled.look()).isNull();
        assertThat(settled.look()).asString(StandardCharsets.UTF_8).isEqualTo("half and more");
        Files.delete(file);
        assertThat(settled.look()).isNull();
        assertThatThrownBy(settled::look).isInstanceOf(IOException.class);
        assertThat(settled.look()).as("said once").isNull();
        Files.writeString(file, "two");
        assertThat(settled.look()).isNull();
        assertThat(settled.look()).asString(StandardCharsets.UTF_8).isEqualTo("two");
    }

    @Test
    void registry_publishKeys() {
        var open = new KeysetRegistry(List.of());
        assertThat(open.isKnown(A)).isTrue();
        assertThat(open.mayPublish(A, "any")).isTrue();
        assertThat(open.mayPublish(A, "a b")).isFalse();
    }
}

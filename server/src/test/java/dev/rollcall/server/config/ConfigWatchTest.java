package dev.rollcall.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.limit.ClientLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWatchTest {
    private static final SubscribeKey A = new SubscribeKey("a");
    private static final SubscribeKey B = new SubscribeKey("b");

    @TempDir
    Path folder;

    @Test
    void reload_takesGoodFilesAndKeepsWhatItHasOtherwise() throws IOException {
        Path file = Files.writeString(folder.resolve("rollcall.yaml"), "keysets: [{subscribe-key: a}]\n");
        var keysets = new KeysetRegistry(ConfigReader.readKeysets(file));
        var limits = ClientLimits.none();
        try (var engine = new EmbeddedEngine(keysets, EngineTime.system(), new EngineListener() {});
                ConfigWatch watch = ConfigWatch.start(file, keysets, engine, limits, Map.of())) {
            Files.writeString(
                    file,
                    "max-channels-per-request: 1\nkeysets: [{subscribe-key: a}, {subscribe-key: b, presence: {announce-max: 7}}]\n");
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(keysets.isKnown(B)).isTrue());
            assertThat(keysets.settings(B).announceMax()).isEqualTo(7);
            // set after the keysets, on another thread
            await().untilAsserted(
                            () -> assertThatThrownBy(() -> limits.channels(2)).hasMessageContaining("at most 1"));

            for (String bad : new String[] {
                "max-channels-per-request: 0\nkeysets: [{subscribe-key: c}]\n",
                "keysets: nonsense\n",
                "port: 1\n",
                "",
                "["
            }) {
                Files.writeString(file, bad);
                watch.reload();
                assertThat(keysets.isKnown(A)).isTrue();
                assertThat(keysets.isKnown(new SubscribeKey("c"))).isFalse();
            }
            Files.delete(file);
            watch.reload();
            assertThat(keysets.isKnown(B)).isTrue();
        }
    }

    @Test
    void registry_publishKeys() {
        var open = new KeysetRegistry(List.of());
        assertThat(open.isKnown(A)).isTrue();
        assertThat(open.mayPublish(A, "any")).isTrue();
        assertThat(open.mayPublish(A, "a b")).isFalse();
    }
}

package dev.rollcall.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.TrackingRule;
import dev.rollcall.engine.TrackingRule.Event;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.TlsFiles;
import dev.rollcall.server.http.TrustedProxies;
import dev.rollcall.server.limit.ClientLimitsConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
    @TempDir
    Path folder;

    private Path file(String yaml) {
        try {
            return Files.writeString(folder.resolve("rollcall.yaml"), yaml);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private RollcallConfig read(String yaml) {
        return ConfigReader.read(Map.of(Setting.CONFIG, file(yaml).toString()), Map.of());
    }

    private KeysetConfig keyset(String presence) {
        return read("keysets:\n- subscribe-key: s\n  presence:\n    " + presence.replace("\n", "\n    "))
                .keysets()
                .get(0);
    }

    @Test
    void read_accessManager() {
        String secret = "s3cr3t-s3cr3t-s3cr3t";
        RollcallConfig config =
                read("data: /var/lib/rollcall\nkeysets:\n- subscribe-key: a\n  access-manager: on\n  secret-key: "
                        + secret + "\n- subscribe-key: b\n  access-manager: off\n  secret-key: x\n- subscribe-key: c");
        assertThat(config.data()).isEqualTo(Path.of("/var/lib/rollcall"));
        KeysetRegistry registry = new KeysetRegistry(config.keysets());
        assertThat(registry.access(new SubscribeKey("a"))).isNotNull();
        assertThat(registry.access(new SubscribeKey("b"))).isNull();
        assertThat(registry.access(new SubscribeKey("c"))).isNull();
        assertThat(registry.access(new SubscribeKey("d"))).isNull();
        assertThat(config.toString()).doesNotContain(secret);
    }

    @Test
    void read_nothingIsDevelopment() {
        RollcallConfig config = ConfigReader.read(Map.of(), Map.of());
        assertThat(config).isEqualTo(RollcallConfig.development());
        assertThat(config.isDevelopment()).isTrue();
        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.port()).isEqualTo(8090);
        assertThat(config.adminPort()).isEqualTo(8091);
    }

    @Test
    void read_flagBeatsEnvironmentBeatsFileBeatsDefault() {
        Path file = file("host: file\nport: 1\nadmin-port: 2\n");
        RollcallConfig config = ConfigReader.read(
                Map.of(Setting.HOST, "flag"),
                Map.of("ROLLCALL_CONFIG", file.toString(), "ROLLCALL_HOST", "env", "ROLLCALL_PORT", "3"));
        assertThat(config.host()).isEqualTo("flag");
        assertThat(config.port()).isEqualTo(3);
        assertThat(config.adminPort()).isEqualTo(2);
        assertThat(config.adminHost()).isEqualTo("127.0.0.1");
        assertThat(config.file()).isEqualTo(file);
    }

    @Test
    void read_ignoresWhatKubernetesSets() {
        assertThat(ConfigReader.read(Map.of(), Map.of("ROLLCALL_PORT", "tcp://10.0.0.1:8090", "ROLLCALL_HOST", ""))
                        .port())
                .isEqualTo(8090);
    }

    @Test
    void read_keysets() {
        RollcallConfig config = read("""
                keysets:
                  - subscribe-key: sub-a
                    publish-key: pub-a
                    presence:
                      enabled: true
                      announce-max: 5
                      interval: 30
                      deltas: on
                      leave-on-disconnect: true
                      debounce: 500ms
                      global-here-now: false
                      stream-filtering: yes
                      active-notice-channel: notices
                      presence-timeout: 1m
                      here-now-cache: 0
                      channel-group-limit: 100
                      rules:
                        - pattern: lobby
                          leave: false
                        - pattern: game-*
                          join: false
                          leave: false
                          timeout: false
                          state-change: false
                          interval: false
                  - subscribe-key: sub-b
                """);
        assertThat(config.isDevelopment()).isFalse();
        assertThat(config.keysets())
                .containsExactly(
                        new KeysetConfig(
                                new SubscribeKey("sub-a"),
                                "pub-a",
                                new KeysetSettings(
                                        true,
                                        5,
                                        Duration.ofSeconds(30),
                                        true,
                                        true,
                                        Duration.ofMillis(500),
                                        false,
                                        true,
                                        "notices",
                                        Duration.ofMinutes(1),
                                        Duration.ZERO,
                                        List.of(
                                                new TrackingRule(
                                                        "lobby", EnumSet.complementOf(EnumSet.of(Event.LEAVE))),
                                                new TrackingRule("game-*", EnumSet.noneOf(Event.class))),
                                        100,
                                        true,
                                        KeysetSettings.LONGEST_POLL_HOLD)),
                        new KeysetConfig(new SubscribeKey("sub-b"), null, KeysetSettings.DEFAULT));
    }

    @Test
    void read_emptyValuesAreDefaults() {
        assertThat(keyset("announce-max:\nrules: []").settings().rules()).isEmpty();
        assertThat(keyset("announce-max:").settings()).isEqualTo(KeysetSettings.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prot: 1|prot: unknown key (expected: host, port,",
                "port: abc|port: abc (expected: a whole number)",
                "port: 70000|port: 70000 (expected: 0..65535)",
                "port: [1]|port: a list or map (expected: a single value)",
                "host: ''|host: empty (expected: a value)",
                "max-connections: -1|max-connections: -1 (expected: >= 0)",
                "engine: redis|redis: empty (expected: a value)",
                "engine: other|engine: other (expected: embedded or redis)",
                "redis: redis://x|redis: redis://x (expected: nothing, unless engine is redis)",
                "redis: redis://u:p@x|redis: redis://x (expected: nothing, unless engine is redis)",
                "tls-cert: /nope|tls-cert: /nope (expected: a file that can be read)",
                "tls-key: /nope|tls-cert: none (expected: a file,",
                "keysets: 1|keysets: not a list (expected: a list)",
                "keysets: []|keysets: empty (expected: at least one keyset",
                "keysets: [{}]|keysets[0].subscribe-key: none (expected: letters,",
                "keysets: [1]|keysets[0]: not a map (expected: keys and values)",
                "keysets: [{subscribe-key: 'a b'}]|keysets[0].subscribe-key: a b (expected: letters,",
                "keysets: [{subscribe-key: a, publish-key: 'b!'}]|keysets[0].publish-key: b! (expected: letters,",
                "keysets: [{subscribe-key: a, private-key: x}]|keysets[0].private-key: unknown key (expected: subscribe-key,",
                "keysets: [{subscribe-key: a, access-manager: on}]|keysets[0].secret-key: none (expected: the key",
                "keysets: [{subscribe-key: a, access-manager: maybe}]|keysets[0].access-manager: maybe (expected: true or",
                "keysets: [{subscribe-key: a, access-manager: on, secret-key: s3cr3t}]|keysets[0].secret-key: 6 characters (expected:",
                "keysets: [{subscribe-key: a, access-manager: on, secret-key: [x]}]|keysets[0].secret-key: a list or map (expected:",
                "keysets: [{subscribe-key: a, secret-key: s3cr3t-s3cr3t-s3cr3t}]|keysets[0].access-manager: none (expected: on or off",
                "keysets: [{subscribe-key: a},{subscribe-key: a}]|keysets[1].subscribe-key: a (expected: a key of its own",
                "[1]|file: not a map (expected: keys and values)",
                "'{port: 1, port: 2}'|config: ",
                "port: [|config: "
            })
    void read_refusesAndNamesTheKey(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml.startsWith("'") ? yaml.replace("'", "") : yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(message)
                .hasMessageNotContainingAny("\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "announce: 1|announce: unknown key (expected: enabled, announce-max,",
                "enabled: maybe|enabled: maybe (expected: true or false)",
                "announce-max: -1|announce-max: -1 (expected: 0..1000000)",
                "interval: fast|interval: fast (expected: a duration such as",
                "interval: 10ms|interval: 10 ms (expected: 1000..3600000 ms)",
                "active-notice-channel: a.*|active-notice-channel: a.* (expected: no presence channel",
                "active-notice-channel: 'a,b'|active-notice-channel: a,b (expected: a channel name",
                "rules: [{join: true}]|rules[0].pattern: none (expected: a channel name",
                "rules: [{pattern: a, joined: true}]|rules[0].joined: unknown key (expected: pattern, join, leave, timeout,"
                        + " state-change, interval)"
            })
    void read_refusesPresenceSettingsAndNamesTheWholeWay(String presence, String message) {
        assertThatThrownBy(() -> keyset(presence))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("keysets[0].presence." + message);
    }

    @Test
    void read_refusesAFileThatIsNotThere() {
        assertThatThrownBy(() -> ConfigReader.read(Map.of(Setting.CONFIG, "/nope.yaml"), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("config: /nope.yaml (expected: a file that can be read)");
    }

    @Test
    void read_emptyFileSaysNothing() {
        assertThat(read("# nothing\n").isDevelopment()).isTrue();
    }

    @Test
    void read_tlsFiles() {
        Path pem = file("");
        RollcallConfig config =
                ConfigReader.read(Map.of(Setting.TLS_CERT, pem.toString(), Setting.TLS_KEY, pem.toString()), Map.of());
        assertThat(config.tls()).isEqualTo(new TlsFiles(pem, pem));
    }

    @Test
    void read_protection() {
        RollcallConfig config = read("""
                requests-per-address: 50
                requests-per-key: 1000
                max-polls-per-address: 200
                max-polls-per-key: 20000
                max-connections: 40000
                max-connections-per-address: 300
                max-channels-per-request: 100
                max-buffered-bytes: 1000000
                max-buffered-bytes-total: 5000000000
                request-timeout: 5s
                idle-timeout: 2m
                write-timeout: 1500ms
                trusted-proxies: 10.0.0.0/8, ::1
                admin-token: 0123456789abcdef
                """);
        ProtectionConfig protection = config.protection();
        assertThat(protection.clients()).isEqualTo(new ClientLimitsConfig(50, 1000, 200, 20000, 300, 100));
        assertThat(protection.http())
                .isEqualTo(HttpLimits.builder()
                        .maxConnections(40000)
                        .pendingWriteBytes(1_000_000)
                        .totalBufferedBytes(5_000_000_000L)
                        .requestTimeout(Duration.ofSeconds(5))
                        .idleTimeout(Duration.ofMinutes(2))
                        .writeTimeout(Duration.ofMillis(1500))
                        .build());
        assertThat(protection.proxies()).isNotSameAs(TrustedProxies.NONE);
        assertThat(protection.adminToken()).isNotNull();
        assertThat(config.toString()).doesNotContain("0123456789abcdef");
    }

    @Test
    void read_protectionThatIsNotSetIsTheDefault() {
        assertThat(read("port: 1").protection()).isEqualTo(ProtectionConfig.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "requests-per-address: -1|requests-per-address: -1 (expected: >= 0, 0 for no limit)",
                "max-polls-per-key: many|max-polls-per-key: many (expected: a whole number)",
                "max-channels-per-request: 2001|max-channels-per-request: 2001 (expected: 1..2000)",
                "max-channels-per-request: 0|max-channels-per-request: 0 (expected: 1..2000)",
                "max-buffered-bytes: 0|max-buffered-bytes: 0 (expected: >= 1)",
                "max-buffered-bytes-total: -1|max-buffered-bytes-total: -1 (expected: a whole number >= 0)",
                "idle-timeout: 0|idle-timeout: 0 (expected: a duration such as 500ms, 10s or 5m)",
                "request-timeout: soon|request-timeout: soon (expected: a duration such as 500ms, 10s or 5m)",
                "trusted-proxies: lb.example|trusted-proxies: lb.example (expected: an address or a network such as 10.0.0.0/8)",
                "forwarded-header: via|forwarded-header: via (expected: x-forwarded-for or forwarded)",
                "admin-token: short|admin-token: 5 characters (expected: at least 16, printable ASCII without blanks)",
            })
    void read_protectionThatIsWrongIsNamed(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml)).isInstanceOf(ConfigException.class).hasMessage(message);
    }

    @Test
    void readAgain_flagsAndEnvironmentStillCountBeforeTheFile() {
        Path file = file("requests-per-address: 5\nrequests-per-key: 7\nkeysets: [{subscribe-key: a}]");
        RollcallConfig config = ConfigReader.read(
                Map.of(Setting.CONFIG, file.toString(), Setting.REQUESTS_PER_ADDRESS, "9"),
                Map.of("ROLLCALL_MAX_POLLS_PER_KEY", "11"));
        byte[] again = "requests-per-address: 6\nrequests-per-key: 8\nkeysets: [{subscribe-key: a}]"
                .getBytes(StandardCharsets.UTF_8);
        assertThat(ConfigReader.readAgain(file, again, config.protection().given())
                        .clients())
                .isEqualTo(new ClientLimitsConfig(9, 8, 0, 11, 0, 2000));
    }
}

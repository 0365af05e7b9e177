package dev.rollcall.server.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.TrackingRule;
import dev.rollcall.engine.TrackingRule.Event;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.TlsFiles;
import dev.rollcall.server.http.TrustedProxies;
import dev.rollcall.server.limit.ClientLimitsConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** Returns what is wrong with a file, without the places. */
    private List<String> problems(String yaml) {
        return places(yaml).stream()
                .map(problem -> problem.replaceFirst("^file:(\\d+:)? ", ""))
                .toList();
    }

    /** Returns what is wrong with a file, where its name is {@code file}. */
    private List<String> places(String yaml) {
        try {
            read(yaml);
        } catch (ConfigException e) {
            return e.problems().stream()
                    .map(problem -> problem.replace(folder.resolve("rollcall.yaml") + ":", "file:"))
                    .toList();
        }
        throw new AssertionError("no problem: " + yaml);
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
        assertThat(config).usingRecursiveComparison().ignoringFields("origin").isEqualTo(RollcallConfig.development());
        assertThat(config.origin().settings().values())
                .hasSameSizeAs(Setting.values())
                .allSatisfy(found -> assertThat(found.from()).isEqualTo(ConfigOrigin.From.DEFAULT));
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
                "prot: 1|prot: unknown key (did you mean port?)",
                "nothing-of-ours: 1|nothing-of-ours: unknown key (expected: host, port,",
                "port: 0x1F|port: 0x1F (expected: a whole number)",
                "port: 08090|port: 08090 (expected: a whole number)",
                "port: 8_090|port: 8_090 (expected: a whole number)",
                "port: 8e3|port: 8e3 (expected: a whole number)",
                "subscribe-key: a|subscribe-key: unknown key (expected below keysets)",
                "keysets: [{subscribe-key: a, announce-max: 1}]|keysets[0].announce-max: unknown key (expected below presence)",
                "keysets: [{subscribe-key: a, port: 1}]|keysets[0].port: unknown key (expected at the left margin",
                "keysets: [{subscribe_key: a}]|keysets[0].subscribe_key: unknown key (did you mean subscribe-key?)",
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
                "[1]|not a map (expected: keys and values)",
                "text|not a map (expected: keys and values)",
                "'{port: 1, port: 2}'|port: given twice (before in line 1)",
                "'{[1]: 2}'|a list or map (expected: a key)",
                "port: [|expected the node content, but found '<stream end>' (expected: YAML)",
                "port: *x|found undefined alias x (expected: YAML)",
            })
    void read_refusesAndNamesTheKey(String yaml, String message) {
        assertThat(problems(yaml.startsWith("'") ? yaml.replace("'", "") : yaml).get(0))
                .startsWith(message)
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "announce: 1|announce: unknown key (expected: enabled, announce-max,",
                "announce_max: 1|announce_max: unknown key (did you mean announce-max?)",
                "interval: 1:30|interval: 1:30 (expected: a duration such as",
                "interval: 010|interval: 010 (expected: a duration such as",
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
        assertThat(problems("keysets:\n- subscribe-key: s\n  presence:\n    " + presence))
                .first()
                .asString()
                .startsWith("keysets[0].presence." + message);
    }

    @Test
    void read_refusesAFileThatIsNotThere() {
        assertThatThrownBy(() -> ConfigReader.read(Map.of(Setting.CONFIG, "/nope.yaml"), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--config: /nope.yaml (expected: a file that can be read)");
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
        assertThat(protection.admin().token()).isNotNull();
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
        assertThat(problems(yaml)).containsExactly(message);
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

    @Test
    void read_tellsAllThatIsWrongAtOnceAndWhere() {
        String yaml = """
                # a comment
                prot: 8090
                admin-port: 99999
                max-connections: many
                idle-timeout: soon
                engine: other
                redis: redis://localhost
                keysets:
                  - subscribe-key: not good
                    publish-key: p
                    access-manager: on
                    secret-key: short
                    presence:
                      announce-max: -1
                      interval: 1ms
                      debounce: ages
                      rules:
                        - pattern: a
                          join: maybe
                        - join: true
                  - publish-key: q
                    presence: {enabled: perhaps}
                """;
        assertThat(places(yaml))
                .containsExactly(
                        "file:2: prot: unknown key (did you mean port?)",
                        "file:3: admin-port: 99999 (expected: 0..65535)",
                        "file:4: max-connections: many (expected: a whole number)",
                        "file:5: idle-timeout: soon (expected: a duration such as 500ms, 10s or 5m)",
                        "file:6: engine: other (expected: embedded or redis)",
                        "file:9: keysets[0].subscribe-key: not good (expected: letters, digits or - _ . ~)",
                        "file:12: keysets[0].secret-key: 5 characters (expected: at least 16, hard to guess)",
                        "file:14: keysets[0].presence.announce-max: -1 (expected: 0..1000000)",
                        "file:15: keysets[0].presence.interval: 1 ms (expected: 1000..3600000 ms)",
                        "file:16: keysets[0].presence.debounce: ages (expected: a duration such as 500ms, 10s or 5m)",
                        "file:19: keysets[0].presence.rules[0].join: maybe (expected: true or false)",
                        "file:20: keysets[0].presence.rules[1].pattern: none (expected: a channel name, * for any characters)",
                        "file:21: keysets[1].subscribe-key: none (expected: letters, digits or - _ . ~)",
                        "file:22: keysets[1].presence.enabled: perhaps (expected: true or false)");
    }

    @Test
    void read_namesWhereAValueWasGiven() {
        assertThatThrownBy(() -> ConfigReader.read(
                        Map.of(
                                Setting.PORT,
                                "x",
                                Setting.CONFIG,
                                file("idle-timeout: x").toString()),
                        Map.of("ROLLCALL_ADMIN_PORT", "y", "ROLLCALL_PORT", "z")))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.problems())
                                .containsExactlyInAnyOrder(
                                        "--port: x (expected: a whole number)",
                                        "ROLLCALL_ADMIN_PORT: y (expected: a whole number)",
                                        folder.resolve("rollcall.yaml")
                                                + ":1: idle-timeout: x (expected: a duration such as"
                                                + " 500ms, 10s or 5m)"));
    }

    @Test
    void read_takesScalarsLiterally() {
        String[] keys = {"off", "no", "Yes", "true", "1e3", "012", "0x1F", "1_000", "12.50", "2024-01-01", "1.0"};
        StringBuilder yaml = new StringBuilder("keysets:\n");
        for (String key : keys) {
            yaml.append("  - subscribe-key: ")
                    .append(key)
                    .append("\n    publish-key: ")
                    .append(key)
                    .append('\n');
        }
        assertThat(read(yaml.toString()).keysets())
                .extracting(keyset -> keyset.subscribeKey().value(), KeysetConfig::publishKey)
                .containsExactly(Stream.of(keys).map(key -> tuple(key, key)).toArray(Tuple[]::new));
    }

    @Test
    void read_switchesAreOnAndOffInAnyCase() {
        for (String on : new String[] {"true", "True", "on", "ON", "yes", "Y"}) {
            assertThat(keyset("deltas: " + on).settings().deltas()).isTrue();
        }
        for (String off : new String[] {"false", "FALSE", "off", "Off", "no", "n"}) {
            assertThat(keyset("enabled: " + off).settings().presenceEnabled()).isFalse();
        }
    }

    @Test
    void read_anchorsAreFollowed() {
        RollcallConfig config = read("""
                keysets:
                  - subscribe-key: a
                    presence: &chat {announce-max: 7}
                  - subscribe-key: b
                    presence: *chat
                """);
        assertThat(config.keysets())
                .extracting(keyset -> keyset.settings().announceMax())
                .containsExactly(7, 7);
        assertThat(problems("keysets: &all [{subscribe-key: a, presence: *all}]"))
                .isNotEmpty();
    }

    @Test
    void read_oddFilesAreRefusedInOneLine() throws IOException {
        Path file = folder.resolve("rollcall.yaml");
        for (byte[] bytes : new byte[][] {
            {(byte) 0xff, (byte) 0xfe},
            {'p', ':', ' ', 0},
            "[".repeat(5000).getBytes(StandardCharsets.UTF_8),
            "port: 1\n---\nport: 2".getBytes(StandardCharsets.UTF_8)
        }) {
            Files.write(file, bytes);
            assertThatThrownBy(() -> ConfigReader.read(Map.of(Setting.CONFIG, file.toString()), Map.of()))
                    .isInstanceOfSatisfying(
                            ConfigException.class,
                            e -> assertThat(e.problems())
                                    .singleElement()
                                    .asString()
                                    .startsWith(file.toString())
                                    .doesNotContain("\n"));
        }
    }

    @Test
    void unknownVariables_areToldOfWithWhatWasMeant() {
        assertThat(ConfigReader.unknownVariables(Map.of(
                        "ROLLCALL_PROT", "1",
                        "ROLLCALL_PORT", "1",
                        "ROLLCALL_JAVA_OPTS", "-Xmx1g",
                        "ROLLCALL_SERVICE_HOST", "10.0.0.1",
                        "ROLLCALL_REDIS_PORT", "tcp://10.0.0.1:6379",
                        "ROLLCALL_PORT_8090_TCP_ADDR", "10.0.0.1",
                        "ROLLCALL_WHATEVER", "",
                        "PATH", "/bin")))
                .containsExactly(
                        "unknown variable ROLLCALL_PROT (did you mean ROLLCALL_PORT?)",
                        "unknown variable ROLLCALL_WHATEVER");
    }

    /** What the documentation of version 0.1 showed. */
    @ParameterizedTest
    @ValueSource(strings = {"access.yaml", "configuration.yaml", "everything.yaml", "limits.yaml"})
    void read_filesOfVersion01StillStart(String name) throws IOException {
        try (InputStream in = ConfigReaderTest.class.getResourceAsStream("version-0.1/" + name)) {
            String yaml = new String(requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(read(yaml).keysets()).as(name).isNotNull();
        }
    }
}

package dev.rollcall.server.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.http.TlsFiles;
import dev.rollcall.server.limit.ClientLimitsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts a configuration together. Of the places where a setting is given, the first counts: flag, environment, file, default.
 */
public final class ConfigReader {
    private final Map<Setting, String> flags;
    private final Map<String, String> environment;

    private ConfigReader(Map<Setting, String> flags, Map<String, String> environment) {
        this.flags = flags;
        this.environment = environment;
    }

    /** Returns the configuration of these flags and this environment, and of the file they name. */
    public static RollcallConfig read(Map<Setting, String> flags, Map<String, String> environment) {
        return new ConfigReader(flags, environment).read();
    }

    /** Returns the keysets of a file, none if it has no such key. The whole file must be right. */
    static List<KeysetConfig> readKeysets(Path file) {
        return KeysetReader.read(readFile(file), KeysetSettings.DEFAULT);
    }

    /** What can change while a server runs. */
    record Changeable(List<KeysetConfig> keysets, Set<SubscribeKey> switchedOff, ClientLimitsConfig clients) {}

    /**
     * Returns what a file says now of what can change; {@code given} counts before it. The whole file must be right.
     *
     * @param file what complaints call it
     * @param bytes what is in it
     */
    static Changeable readAgain(Path file, byte[] bytes, Map<Setting, String> given) {
        ConfigSection section = section(file, bytes);
        Map<Setting, String> values = new ConfigReader(given, Map.of()).values(section);
        return new Changeable(
                KeysetReader.read(section, defaults(values)),
                KeysetReader.switchedOff(section),
                ProtectionReader.clients(values));
    }

    private RollcallConfig read() {
        String name = value(Setting.CONFIG, null);
        Path file = name.isEmpty() ? null : Path.of(name);
        ConfigSection section = file == null ? null : readFile(file);
        Map<Setting, String> values = values(section);
        return new RollcallConfig(
                required(values, Setting.HOST),
                number(values, Setting.PORT),
                required(values, Setting.ADMIN_HOST),
                number(values, Setting.ADMIN_PORT),
                tls(values),
                ProtectionReader.read(values, given()),
                section == null ? List.of() : KeysetReader.read(section, defaults(values)),
                defaults(values),
                file,
                data(values),
                new RestartConfig(duration(values, Setting.SNAPSHOT_INTERVAL), duration(values, Setting.RESTART_GRACE)),
                redis(values));
    }

    private Map<Setting, String> values(@Nullable ConfigSection section) {
        var values = new EnumMap<Setting, String>(Setting.class);
        for (Setting setting : Setting.inFile()) {
            values.put(setting, value(setting, section));
        }
        return values;
    }

    private String value(Setting setting, @Nullable ConfigSection section) {
        String value = given(setting);
        if (value == null && section != null) {
            value = section.text(setting.key());
        }
        return value == null ? setting.defaultValue() : value;
    }

    private @Nullable String given(Setting setting) {
        String value = flags.get(setting);
        if (value != null) {
            return value;
        }
        value = environment.get(setting.variable());
        // Kubernetes sets ROLLCALL_PORT=tcp://… in every pod beside a service of that name.
        return value == null || value.isEmpty() || value.startsWith("tcp://") ? null : value;
    }

    /** Returns what flags and environment say of the limits that can change while a server runs. */
    private Map<Setting, String> given() {
        var given = new EnumMap<Setting, String>(Setting.class);
        for (Setting setting : Setting.CHANGEABLE) {
            String value = given(setting);
            if (value != null) {
                given.put(setting, value);
            }
        }
        return given;
    }

    private static @Nullable RedisConfig redis(Map<Setting, String> values) {
        String engine = required(values, Setting.ENGINE);
        String url = values.getOrDefault(Setting.REDIS, "");
        if (engine.equals("redis")) {
            return new RedisConfig(required(values, Setting.REDIS), values.getOrDefault(Setting.REDIS_PREFIX, ""));
        }
        if (!engine.equals(Setting.ENGINE.defaultValue())) {
            throw wrong(Setting.ENGINE, engine, "embedded or redis");
        }
        if (!url.isEmpty()) {
            // without user and password
            throw wrong(Setting.REDIS, url.replaceFirst("//[^@]*@", "//"), "nothing, unless engine is redis");
        }
        return null;
    }

    private static @Nullable Path data(Map<Setting, String> values) {
        String name = values.getOrDefault(Setting.DATA, "");
        return name.isEmpty() ? null : Path.of(name);
    }

    private static @Nullable TlsFiles tls(Map<Setting, String> values) {
        String certificate = values.getOrDefault(Setting.TLS_CERT, "");
        String key = values.getOrDefault(Setting.TLS_KEY, "");
        if (certificate.isEmpty() && key.isEmpty()) {
            return null;
        }
        return new TlsFiles(readable(Setting.TLS_CERT, certificate), readable(Setting.TLS_KEY, key));
    }

    private static Path readable(Setting setting, String name) {
        if (name.isEmpty()) {
            throw wrong(
                    setting,
                    "none",
                    "a file, for TLS needs both " + Setting.TLS_CERT.key() + " and " + Setting.TLS_KEY.key());
        }
        Path file = Path.of(name);
        if (!Files.isReadable(file)) {
            throw wrong(setting, name, "a file that can be read");
        }
        return file;
    }

    private static String required(Map<Setting, String> values, Setting setting) {
        String value = values.getOrDefault(setting, "");
        if (value.isEmpty()) {
            throw wrong(setting, "empty", "a value");
        }
        return value;
    }

    static int number(Map<Setting, String> values, Setting setting) {
        String value = required(values, setting);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw wrong(setting, value, "a whole number");
        }
    }

    /** Returns what keysets have of the settings of the server, and else the defaults. */
    private static KeysetSettings defaults(Map<Setting, String> values) {
        String value = required(values, Setting.POLL_HOLD);
        Duration hold = Durations.parse(value);
        if (hold == null) {
            throw wrong(Setting.POLL_HOLD, value, "a duration such as 50s or 2m");
        }
        try {
            return KeysetSettings.DEFAULT.withPollHold(hold);
        } catch (IllegalArgumentException e) {
            throw wrong(Setting.POLL_HOLD, value, "5s to " + Setting.POLL_HOLD.defaultValue());
        }
    }

    private static Duration duration(Map<Setting, String> values, Setting setting) {
        return RestartConfig.parse(setting, required(values, setting));
    }

    static ConfigException wrong(Setting setting, String value, String expected) {
        return new ConfigException(setting.key() + ": " + value + " (expected: " + expected + ")");
    }

    private static ConfigSection readFile(Path file) {
        try {
            return section(file, Files.readAllBytes(file));
        } catch (IOException e) {
            throw wrong(Setting.CONFIG, file.toString(), "a file that can be read");
        }
    }

    private static ConfigSection section(Path file, byte[] bytes) {
        JsonNode tree;
        try {
            tree = YAMLMapper.builder()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    // A second document would be as good as not there.
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build()
                    .readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new ConfigException("config: " + file + ": " + firstLine(e.getOriginalMessage())
                    + (e.getLocation() == null
                            ? ""
                            : " in line " + e.getLocation().getLineNr()));
        } catch (IOException e) {
            throw wrong(Setting.CONFIG, file.toString(), "a file that can be read");
        }
        var known = new ArrayList<String>();
        for (Setting setting : Setting.inFile()) {
            known.add(setting.key());
        }
        known.add(KeysetReader.KEYSETS);
        // A file of nothing but comments has no tree.
        return ConfigSection.of(
                "", tree == null || tree.isMissingNode() ? JsonNodeFactory.instance.objectNode() : tree, known);
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}

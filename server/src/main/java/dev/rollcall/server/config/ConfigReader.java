package dev.rollcall.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.redis.RedisOptions;
import dev.rollcall.protocol.InvalidValueException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.http.TlsFiles;
import dev.rollcall.server.limit.ClientLimitsConfig;
import dev.rollcall.server.log.LogConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts a configuration together. Of the places where a setting is given, the first counts: flag, environment, file, default.
 */
public final class ConfigReader {
    private static final List<String> LAUNCHER_VARIABLES = List.of("ROLLCALL_JAVA_HOME", "ROLLCALL_JAVA_OPTS");

    /** What the command line reads, which may run in the same shell. */
    private static final List<String> COMMAND_LINE_VARIABLES = List.of(
            "ROLLCALL_URL",
            "ROLLCALL_SUBSCRIBE_KEY",
            "ROLLCALL_PUBLISH_KEY",
            "ROLLCALL_SECRET_KEY",
            "ROLLCALL_AUTH",
            "ROLLCALL_ADMIN_URL",
            "ROLLCALL_CONTEXT");

    /** What Kubernetes sets in every pod beside a service whose name begins with rollcall. */
    private static final Pattern KUBERNETES_VARIABLE =
            Pattern.compile("_SERVICE_HOST$|_SERVICE_PORT(_[A-Z0-9_]+)?$|_PORT_[0-9]+_(TCP|UDP|SCTP)(_[A-Z]+)?$");

    private final Sources sources;

    private ConfigReader(Sources sources) {
        this.sources = sources;
    }

    /**
     * Returns the configuration of these flags and this environment, and of the file they name.
     *
     * @throws ConfigException if anything is wrong; it tells of everything that is
     */
    public static RollcallConfig read(Map<Setting, String> flags, Map<String, String> environment) {
        Sources sources = new Sources(flags, environment);
        return sources.read(() -> new ConfigReader(sources).read());
    }

    /**
     * Returns all that is wrong with a file that is not in force, none if it could be. Not whether it could be put in force while a server
     * runs, which only a part of it can.
     *
     * @param name what complaints call it
     * @param bytes what is in it
     */
    public static List<String> check(String name, byte[] bytes) {
        try {
            var unused = parse(name, bytes);
            return List.of();
        } catch (ConfigException e) {
            return e.problems();
        }
    }

    /**
     * Returns the configuration that a file would make, without flags and environment.
     *
     * @throws ConfigException if anything is wrong with it, as {@link #check} tells
     */
    public static RollcallConfig parse(String name, byte[] bytes) {
        Path file = Path.of(name);
        Sources sources = new Sources(Map.of(Setting.CONFIG, name), Map.of());
        return sources.read(() -> {
            sources.tree(file, bytes);
            return new ConfigReader(sources).read();
        });
    }

    /** Returns the keysets of a file, none if it has no such key. The whole file must be right. */
    static List<KeysetConfig> readKeysets(Path file) {
        Sources sources = new Sources(Map.of(), Map.of());
        return sources.read(() -> KeysetReader.read(section(sources.tree(file)), KeysetSettings.DEFAULT));
    }

    /** What can change while a server runs. */
    record Changeable(
            List<KeysetConfig> keysets,
            Set<SubscribeKey> switchedOff,
            ClientLimitsConfig clients,
            ConfigOrigin origin) {}

    /**
     * Returns what a file says now of what can change; {@code given} counts before it. The whole file must be right.
     *
     * @param file what complaints call it
     * @param bytes what is in it
     */
    static Changeable readAgain(Path file, byte[] bytes, Map<Setting, String> given) {
        Sources sources = new Sources(given, Map.of());
        return sources.read(() -> {
            ConfigSection section = section(sources.tree(file, bytes));
            Map<Setting, String> values = new ConfigReader(sources).values(section);
            return new Changeable(
                    KeysetReader.read(section, defaults(values)),
                    KeysetReader.switchedOff(section),
                    ProtectionReader.clients(values),
                    ConfigOrigin.of(sources, file, section));
        });
    }

    private RollcallConfig read() {
        String name = value(Setting.CONFIG, null);
        Path file = name.isEmpty() ? null : Path.of(name);
        ConfigSection section = file == null ? null : section(sources.tree(file));
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
                ConfigOrigin.of(sources, file, section),
                data(values),
                new RestartConfig(duration(values, Setting.SNAPSHOT_INTERVAL), duration(values, Setting.RESTART_GRACE)),
                redis(values),
                logging(values));
    }

    private Map<Setting, String> values(@Nullable ConfigSection section) {
        var values = new EnumMap<Setting, String>(Setting.class);
        for (Setting setting : Setting.inFile()) {
            values.put(setting, value(setting, section));
        }
        return values;
    }

    private String value(Setting setting, @Nullable ConfigSection section) {
        String value = sources.given(setting);
        if (value == null && section != null) {
            value = section.text(setting.key());
        }
        return value == null ? setting.defaultValue() : value;
    }

    /** Returns what flags and environment say of the limits that can change while a server runs. */
    private Map<Setting, String> given() {
        var given = new EnumMap<Setting, String>(Setting.class);
        for (Setting setting : Setting.CHANGEABLE) {
            String value = sources.given(setting);
            if (value != null) {
                given.put(setting, value);
            }
        }
        return given;
    }

    private static LogConfig logging(Map<Setting, String> values) {
        String levels = required(values, Setting.LOG_LEVEL);
        try {
            return new LogConfig(
                    choice(values, Setting.LOG_FORMAT, LogConfig.Format.class),
                    LogConfig.levels(levels),
                    isOn(values, Setting.REQUEST_LOG));
        } catch (InvalidValueException e) {
            throw wrong(Setting.LOG_LEVEL, levels, e.text());
        }
    }

    private static @Nullable RedisConfig redis(Map<Setting, String> values) {
        String engine = required(values, Setting.ENGINE);
        String url = values.getOrDefault(Setting.REDIS, "");
        if (engine.equals("redis")) {
            return redis(required(values, Setting.REDIS), values.getOrDefault(Setting.REDIS_PREFIX, ""));
        }
        if (!engine.equals(Setting.ENGINE.defaultValue())) {
            throw wrong(Setting.ENGINE, engine, "embedded or redis");
        }
        if (!url.isEmpty()) {
            // without user and password
            throw wrong(Setting.REDIS, withoutSecrets(url), "nothing, unless engine is redis");
        }
        return null;
    }

    private static RedisConfig redis(String url, String prefix) {
        RedisOptions options;
        try {
            options = RedisOptions.of(url);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()));
        }
        try {
            return new RedisConfig(url, options.withPrefix(prefix).prefix());
        } catch (IllegalArgumentException e) {
            throw wrong(Setting.REDIS_PREFIX, prefix, "no brace");
        }
    }

    static String withoutSecrets(String url) {
        return url.replaceFirst("//.*@", "//");
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
        Path readable = readable(Setting.TLS_CERT, certificate);
        return new TlsFiles(readable, readable(Setting.TLS_KEY, key));
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

    /** Returns which of the words of {@code type} a setting has. */
    static <E extends Enum<E>> E choice(Map<Setting, String> values, Setting setting, Class<E> type) {
        String value = required(values, setting);
        E[] all = type.getEnumConstants();
        List<String> words = new ArrayList<>();
        for (E one : all) {
            String word = one.name().toLowerCase(Locale.ROOT);
            if (word.equals(value)) {
                return one;
            }
            words.add(word);
        }
        throw wrong(setting, value, String.join(" or ", words));
    }

    /** Returns whether a setting is on. */
    static boolean isOn(Map<Setting, String> values, Setting setting) {
        String value = required(values, setting);
        return switch (value) {
            case "on", "true", "yes" -> true;
            case "off", "false", "no" -> false;
            default -> throw wrong(setting, value, "on or off");
        };
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
        Integer number = WholeNumber.parse(value);
        if (number == null) {
            throw wrong(setting, value, "a whole number");
        }
        return number;
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

    private static ConfigSection section(JsonNode tree) {
        var known = new ArrayList<String>();
        for (Setting setting : Setting.inFile()) {
            known.add(setting.key());
        }
        known.add(KeysetReader.KEYSETS);
        return ConfigSection.of("", tree, known);
    }

    /** Returns a complaint about each variable {@code ROLLCALL_…} of an environment that nobody reads. */
    public static List<String> unknownVariables(Map<String, String> environment) {
        List<String> known = new ArrayList<>(LAUNCHER_VARIABLES);
        known.addAll(COMMAND_LINE_VARIABLES);
        for (Setting setting : Setting.values()) {
            known.add(setting.variable());
        }
        return environment.keySet().stream()
                .filter(name -> name.startsWith(Setting.VARIABLE_PREFIX) && !known.contains(name))
                .filter(name -> !KUBERNETES_VARIABLE.matcher(name).find()
                        && !environment.getOrDefault(name, "").startsWith("tcp://"))
                .sorted()
                .map(name -> "unknown variable " + name + hint(name, known))
                .toList();
    }

    /** Compares what is behind the prefix, which all of them have and which makes any two of them alike. */
    private static String hint(String variable, List<String> known) {
        int prefix = Setting.VARIABLE_PREFIX.length();
        String closest = DidYouMean.closest(
                variable.substring(prefix),
                known.stream().map(one -> one.substring(prefix)).toList());
        return closest == null ? "" : " (did you mean " + Setting.VARIABLE_PREFIX + closest + "?)";
    }
}

package dev.rollcall.server.config;

import dev.rollcall.protocol.SubscribeKey;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What settings of the server have, and where that and what keysets have was said. Immutable. Empty where a configuration was put together
 * by a program.
 *
 * @param file the file, or null if none was read
 * @param settings the settings of the server
 * @param lines for each keyset of the file the lines of its keys, such as {@code presence.interval}; its own is that of {@code ""}
 */
public record ConfigOrigin(
        @Nullable Path file, Map<Setting, Found> settings, Map<SubscribeKey, Map<String, Integer>> lines) {
    /** Of a configuration that nobody wrote down. */
    public static final ConfigOrigin NONE = new ConfigOrigin(null, Map.of(), Map.of());

    /** What is shown in place of a secret. */
    public static final String SECRET = "(set)";

    /** Copies the maps. */
    public ConfigOrigin {
        // In the order in which they are listed everywhere.
        settings = settings.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(settings));
        lines = Map.copyOf(lines);
    }

    /** Where a setting may be said. */
    public enum From {
        FLAG,
        ENVIRONMENT,
        FILE,
        DEFAULT
    }

    /**
     * What a setting has.
     *
     * @param shown its value, or {@link #SECRET} where that is secret
     * @param from where it was said
     * @param place the flag, the variable or the file; empty for a default
     * @param line the line in the file, 0 if it is in none
     */
    public record Found(String shown, From from, String place, int line) {}

    /** Returns where all that {@code sources} say stands. */
    static ConfigOrigin of(Sources sources, @Nullable Path path, @Nullable ConfigSection section) {
        ConfigFile file = path == null ? null : sources.file();
        Map<Setting, Found> settings = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            String given = sources.given(setting);
            String said = section == null || setting == Setting.CONFIG ? null : section.text(setting.key());
            if (given != null) {
                boolean isFlag = sources.isFlag(setting);
                settings.put(
                        setting,
                        new Found(
                                shown(setting, given),
                                isFlag ? From.FLAG : From.ENVIRONMENT,
                                isFlag ? setting.flag() : setting.variable(),
                                0));
            } else if (said != null && path != null && file != null) {
                settings.put(
                        setting, new Found(shown(setting, said), From.FILE, path.toString(), file.line(setting.key())));
            } else {
                settings.put(setting, new Found(shown(setting, setting.defaultValue()), From.DEFAULT, "", 0));
            }
        }
        return new ConfigOrigin(path, settings, file == null || section == null ? Map.of() : lines(file, section));
    }

    private static Map<SubscribeKey, Map<String, Integer>> lines(ConfigFile file, ConfigSection section) {
        Map<SubscribeKey, Map<String, Integer>> lines = new HashMap<>();
        List<Map<String, Integer>> found = file.linesOfMembers(KeysetReader.KEYSETS);
        List<ConfigSection> keysets = section.sections(KeysetReader.KEYSETS, KeysetReader.KEYSET_KEYS);
        for (int i = 0; keysets != null && i < Math.min(keysets.size(), found.size()); i++) {
            String key = keysets.get(i).text(KeysetReader.SUBSCRIBE_KEY);
            if (key != null) {
                lines.put(new SubscribeKey(key), found.get(i));
            }
        }
        return lines;
    }

    private static String shown(Setting setting, String value) {
        return switch (setting) {
            case ADMIN_TOKEN, METRICS_TOKEN -> value.isEmpty() ? "" : SECRET;
            case REDIS -> ConfigReader.withoutSecrets(value);
            default -> value;
        };
    }

    /** Returns the line of a key of a keyset, 0 if it stands in none. */
    public int line(SubscribeKey keyset, String key) {
        return lines.getOrDefault(keyset, Map.of()).getOrDefault(key, 0);
    }

    /**
     * Returns where things stand once the file was read again. What takes a restart stays what it is, and has a line only where the file still
     * says so.
     */
    ConfigOrigin after(ConfigOrigin again) {
        Map<Setting, Found> now = new EnumMap<>(Setting.class);
        settings.forEach((setting, before) -> {
            Found found = again.settings.getOrDefault(setting, before);
            boolean isSame = found.from() == From.FILE && found.shown().equals(before.shown());
            if (before.from() == From.FLAG || before.from() == From.ENVIRONMENT) {
                now.put(setting, before);
            } else if (isSame || Setting.CHANGEABLE.contains(setting)) {
                now.put(setting, found);
            } else {
                now.put(setting, new Found(before.shown(), before.from(), before.place(), 0));
            }
        });
        return new ConfigOrigin(file, now, again.lines);
    }
}

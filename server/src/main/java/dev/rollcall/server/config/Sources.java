package dev.rollcall.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a configuration comes from: flags, environment and file. They are read until nothing is wrong any more, each time without what was
 * wrong the last time; so all that is wrong is told at once, although each reader complains of the first thing only.
 */
final class Sources {
    /** The most complaints; a file of another kind has one in every line. */
    private static final int MOST_COMPLAINTS = 30;

    /** Settings that make sense together only: if one is wrong, nothing can be said of the others. */
    private static final List<List<String>> TOGETHER = List.of(
            List.of(Setting.ENGINE.key(), Setting.REDIS.key()),
            List.of(Setting.TLS_CERT.key(), Setting.TLS_KEY.key()),
            List.of(
                    Setting.ADMIN_HOST.key(),
                    Setting.ADMIN_TOKEN.key(),
                    Setting.ADMIN_TLS.key(),
                    Setting.ADMIN_API.key()),
            List.of(KeysetReader.ACCESS_MANAGER, KeysetReader.SECRET_KEY));

    private final Map<Setting, String> flags;
    private final Map<String, String> environment;
    private final Set<String> complaints = new HashSet<>();
    private @Nullable ConfigFile file;
    private int placeholders;

    Sources(Map<Setting, String> flags, Map<String, String> environment) {
        this.flags = new EnumMap<>(Setting.class);
        this.flags.putAll(flags);
        this.environment = new HashMap<>(environment);
    }

    /** Returns what flags and environment say of a setting, or null. */
    @Nullable
    String given(Setting setting) {
        String value = flags.get(setting);
        if (value != null) {
            return value;
        }
        value = environment.get(setting.variable());
        // Kubernetes sets ROLLCALL_PORT=tcp://… in every pod beside a service of that name.
        return value == null || value.isEmpty() || value.startsWith("tcp://") ? null : value;
    }

    /** Returns whether a flag says what a setting is. */
    boolean isFlag(Setting setting) {
        return flags.containsKey(setting);
    }

    /** Returns the file, or null if none was read. */
    @Nullable
    ConfigFile file() {
        return file;
    }

    /** Returns the tree of a file, which is read only once. */
    JsonNode tree(Path path) {
        if (file == null) {
            byte[] bytes;
            try {
                bytes = Files.readAllBytes(path);
            } catch (IOException e) {
                throw ConfigReader.wrong(Setting.CONFIG, path.toString(), "a file that can be read");
            }
            return tree(path, bytes);
        }
        return file.tree();
    }

    /** Returns the tree of a file of which it is known what is in it. */
    JsonNode tree(Path path, byte[] bytes) {
        if (file == null) {
            file = ConfigFile.parse(path, bytes);
        }
        return file.tree();
    }

    /** Returns what {@code reading} reads, or complains of all that is wrong. */
    <T> T read(Supplier<T> reading) {
        var found = new ArrayList<ConfigFile.Problem>();
        while (true) {
            T read = null;
            ConfigException complaint = null;
            try {
                read = reading.get();
            } catch (ConfigException e) {
                complaint = e;
            }
            if (complaint != null) {
                String text = String.valueOf(complaint.getMessage());
                int end = text.indexOf(": ");
                String key = end < 0 ? text : text.substring(0, end);
                found.add(problem(key, text));
                if (found.size() < MOST_COMPLAINTS && complaints.add(key) && forget(key)) {
                    continue;
                }
            }
            if (file != null) {
                found.addAll(file.problems());
            }
            if (!found.isEmpty()) {
                found.sort(Comparator.comparingInt(ConfigFile.Problem::line));
                throw new ConfigException(
                        found.stream().map(ConfigFile.Problem::text).toList());
            }
            if (read != null) {
                return read;
            }
        }
    }

    /** Returns a complaint with the place where its key was given, by the name it has there. */
    private ConfigFile.Problem problem(String key, String text) {
        String rest = text.substring(key.length());
        Setting setting = setting(key);
        if (setting != null && flags.containsKey(setting)) {
            return new ConfigFile.Problem(0, setting.flag() + rest);
        }
        if (setting != null && given(setting) != null) {
            return new ConfigFile.Problem(0, setting.variable() + rest);
        }
        if (file == null) {
            return new ConfigFile.Problem(0, setting == null ? text : setting.flag() + rest);
        }
        if (setting != null && !file.has(key)) {
            return new ConfigFile.Problem(0, text);
        }
        // The file as a whole has no key.
        String named = key.equals(ConfigSection.WHOLE) ? rest : ": " + text;
        return new ConfigFile.Problem(file.line(key), file.place(key) + named);
    }

    private static @Nullable Setting setting(String key) {
        for (Setting setting : Setting.values()) {
            if (setting.key().equals(key)) {
                return setting;
            }
        }
        return null;
    }

    /** Takes away what was complained of, and returns whether there was anything to take away. */
    private boolean forget(String key) {
        boolean forgotten = false;
        for (String one : together(key)) {
            Setting setting = setting(one);
            if (setting != null) {
                forgotten |= flags.remove(setting) != null;
                forgotten |= environment.remove(setting.variable()) != null;
            }
            forgotten |= forgetInFile(one);
        }
        return forgotten || forgetAbove(key);
    }

    private static List<String> together(String key) {
        String last = ConfigFile.last(key);
        String above = key.substring(0, key.length() - last.length());
        for (List<String> keys : TOGETHER) {
            if (keys.contains(last)) {
                return keys.stream().map(one -> above + one).toList();
            }
        }
        return List.of(key);
    }

    private boolean forgetInFile(String key) {
        if (file == null) {
            return false;
        }
        String last = ConfigFile.last(key);
        boolean needed = last.equals(KeysetReader.SUBSCRIBE_KEY) || last.equals(KeysetReader.PATTERN);
        // A placeholder, as these must not be missing, and the first not be there twice.
        return needed ? file.replace(key, "placeholder-" + placeholders++) : file.remove(key);
    }

    /** Takes away what a missing key is missing from. */
    private boolean forgetAbove(String key) {
        if (file == null) {
            return false;
        }
        for (String path = ConfigFile.parent(key); !path.isEmpty(); path = ConfigFile.parent(path)) {
            if (file.remove(path)) {
                return true;
            }
        }
        return false;
    }
}

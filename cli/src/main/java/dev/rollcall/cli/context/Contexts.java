package dev.rollcall.cli.context;

import dev.rollcall.cli.base.Failure;
import dev.rollcall.cli.base.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names for servers and what it takes to ask them: {@code $XDG_CONFIG_HOME/rollcall/contexts.yaml}, which only its owner may read. Secrets
 * are in files of their own, whose names it holds. Used by one thread.
 */
public final class Contexts {
    /** What a context may hold, as the options are called. */
    public static final List<String> SETTINGS = List.of(
            "url", "key", "publish-key", "secret-key-file", "auth", "auth-file", "admin-url", "admin-token-file");

    private static final String CURRENT = "current";
    private static final String CONTEXTS = "contexts";
    private static final int LARGEST_FILE = 1 << 20;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private final Path file;
    private final Map<String, String> variables;

    private Contexts(Path file, Map<String, String> variables) {
        this.file = file;
        this.variables = variables;
    }

    /**
     * What is in the file.
     *
     * @param current the one in use, or null
     * @param all settings by names of contexts
     */
    public record Kept(@Nullable String current, Map<String, Map<String, String>> all) {}

    /** Returns those of whoever has these variables. */
    public static Contexts of(Map<String, String> variables) {
        String config = variables.getOrDefault("XDG_CONFIG_HOME", "");
        Path folder = config.isEmpty()
                ? Path.of(variables.getOrDefault("HOME", System.getProperty("user.home", ".")), ".config")
                : Path.of(config);
        return new Contexts(folder.resolve("rollcall").resolve("contexts.yaml"), variables);
    }

    /** Returns the file, which need not exist. */
    public Path file() {
        return file;
    }

    /**
     * Returns the settings of a context.
     *
     * @param asked the one that the command line names, or null for that of the environment, or else the one in use
     */
    Map<String, String> chosen(@Nullable String asked) {
        String set = variables.getOrDefault(Variables.CONTEXT, "");
        String name = asked != null ? asked : set.isEmpty() ? null : set;
        if (!Files.exists(file)) {
            if (name == null) {
                return Map.of();
            }
            throw unknown(name, Map.of());
        }
        Kept kept = read();
        if (name == null) {
            name = kept.current();
        }
        if (name == null) {
            return Map.of();
        }
        Map<String, String> settings = kept.all().get(name);
        if (settings == null) {
            throw unknown(name, kept.all());
        }
        return settings;
    }

    /** Returns the complaint about a name that is none of them. */
    public static Failure unknown(String name, Map<String, ?> known) {
        return Failure.expected(
                "context",
                name,
                known.isEmpty()
                        ? "one made with rollcall context add NAME --url URL; there is none yet"
                        : "one of " + String.join(", ", known.keySet()));
    }

    /** Checks the name of a new one. */
    public static String named(String name) {
        if (!NAME.matcher(name).matches()) {
            throw Failure.expected("context", name, "up to 64 letters, digits, dots, dashes and underscores");
        }
        return name;
    }

    /** Reads the file. */
    public Kept read() {
        if (!Files.exists(file)) {
            return new Kept(null, new TreeMap<>());
        }
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw broken("larger than a megabyte");
            }
            Object read = ContextYaml.read(Files.readString(file));
            if (read == null) {
                return new Kept(null, new TreeMap<>());
            }
            if (!(read instanceof Map<?, ?> top)) {
                throw broken("not a list of names and values");
            }
            Map<String, Map<String, String>> all = new TreeMap<>();
            if (top.get(CONTEXTS) instanceof Map<?, ?> contexts) {
                contexts.forEach((name, settings) -> all.put(String.valueOf(name), settings(settings)));
            }
            return new Kept(top.get(CURRENT) instanceof String current ? current : null, all);
        } catch (IOException | IllegalArgumentException e) {
            throw broken(String.valueOf(e.getMessage()).lines().findFirst().orElse("not YAML"));
        }
    }

    private Map<String, String> settings(@Nullable Object value) {
        Map<String, String> settings = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> entries) {
            entries.forEach((name, setting) -> {
                if (!SETTINGS.contains(String.valueOf(name))) {
                    throw broken(name + " (expected: one of " + String.join(", ", SETTINGS) + ")");
                }
                settings.put(String.valueOf(name), String.valueOf(setting));
            });
        }
        return settings;
    }

    private Failure broken(String why) {
        return Failure.usage(file + ": " + why);
    }

    /** Writes the file anew, in one step, for its owner alone. */
    public void write(Kept kept) {
        Map<String, Object> top = new LinkedHashMap<>();
        if (kept.current() != null) {
            top.put(CURRENT, kept.current());
        }
        top.put(CONTEXTS, new TreeMap<>(kept.all()));
        try {
            Path folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            boolean posix = Files.getFileStore(folder).supportsFileAttributeView("posix");
            FileAttribute<?>[] mine = posix
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                    }
                    : new FileAttribute<?>[0];
            Path beside = Files.createTempFile(folder, "contexts", ".new", mine);
            try {
                Files.writeString(beside, ContextYaml.write(top));
                Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(beside);
            }
        } catch (IOException e) {
            throw new Failure(Status.FAILED, file + ": cannot be written: " + e);
        }
    }
}

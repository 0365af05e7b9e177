package dev.rollcall.server.log;

import ch.qos.logback.classic.Level;
import dev.rollcall.protocol.InvalidValueException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is logged, and how, where nobody configured logback in a file of its own.
 *
 * @param format how an event is written
 * @param levels the least level that is logged by logger, the server's own at {@link #SERVER}
 * @param logsRequests whether every answered request is
 */
public record LogConfig(Format format, Map<String, String> levels, boolean logsRequests) {
    /** The logger of everything that belongs to the server. */
    public static final String SERVER = "dev.rollcall";

    /** Text, the usual, no requests. */
    public static final LogConfig DEFAULT = new LogConfig(Format.TEXT, Map.of(SERVER, "info"), false);

    private static final List<String> KNOWN = List.of("error", "warn", "info", "debug", "trace");

    /** How an event is written. */
    public enum Format {
        /** As a line of text. */
        TEXT,
        /** As a JSON object in one line. */
        JSON
    }

    /** Copies the map. */
    public LogConfig {
        levels = Map.copyOf(levels);
    }

    /**
     * Reads {@code info,some.logger=debug}.
     *
     * @throws InvalidValueException if it cannot be read; the text says what was expected
     */
    public static Map<String, String> levels(String text) {
        var levels = new LinkedHashMap<String, String>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            String logger = equals < 0 ? SERVER : part.substring(0, equals).strip();
            String level = part.substring(equals + 1).strip().toLowerCase(Locale.ROOT);
            if (!KNOWN.contains(level) || logger.isEmpty() || levels.put(logger, level) != null) {
                throw new InvalidValueException(
                        String.join(", ", KNOWN)
                                + ", and behind commas others for single loggers, such as info,dev.rollcall.server.access=debug");
            }
        }
        return levels;
    }

    static Level level(String word) {
        return Level.toLevel(word);
    }
}

package dev.rollcall.cli.base;

import dev.rollcall.cli.base.Syntax.Option;
import dev.rollcall.cli.base.Syntax.Word;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command line says: the values of its options, by each of their names, and its other words.
 *
 * @param options those that were given; the value of a switch is "true"
 * @param words what is no option
 */
public record Arguments(Map<String, List<String>> options, List<String> words) {
    private static final String ON = "true";

    /** Copies both. */
    public Arguments {
        options = Map.copyOf(options);
        words = List.copyOf(words);
    }

    /**
     * Reads a command line that is plain: options as they are called, each value behind its option or behind "=", no more and no fewer words
     * than there may be. It loads nothing for that, and decides nothing that is in doubt: whatever else there is, picocli reads, and says what
     * is wrong with it.
     *
     * @return null if it is not plain
     */
    public static @Nullable Arguments plain(Syntax syntax, List<String> line) {
        Map<String, List<String>> options = new HashMap<>();
        List<String> words = new ArrayList<>();
        for (int i = 0; i < line.size(); i++) {
            String word = line.get(i);
            if (word.isEmpty()) {
                return null;
            }
            if (word.charAt(0) != '-') {
                words.add(word);
                continue;
            }
            int equals = word.indexOf('=');
            Option option = find(syntax, equals < 0 ? word : word.substring(0, equals));
            if (option == null || option.label() == null && equals >= 0) {
                return null;
            }
            String value = ON;
            if (option.label() != null) {
                if (equals < 0 && ++i == line.size()) {
                    return null;
                }
                value = equals < 0 ? line.get(i) : word.substring(equals + 1);
                if (value.isEmpty() || value.charAt(0) == '-') {
                    return null;
                }
            }
            String kept = option.isPath() ? path(value) : value;
            if (kept == null || !put(options, option, kept)) {
                return null;
            }
        }
        for (Option option : syntax.options()) {
            if (option.isRequired() && !options.containsKey(option.names().get(0))) {
                return null;
            }
        }
        return fit(syntax.words(), words) ? new Arguments(options, words) : null;
    }

    private static @Nullable Option find(Syntax syntax, String name) {
        for (Option option : syntax.options()) {
            if (option.names().contains(name)) {
                return option;
            }
        }
        return null;
    }

    /** Returns false for a second value of an option that takes one. */
    private static boolean put(Map<String, List<String>> options, Option option, String value) {
        List<String> before = options.get(option.names().get(0));
        if (before != null && !option.isList()) {
            return false;
        }
        List<String> values = before == null ? new ArrayList<>() : before;
        values.add(value);
        for (String name : option.names()) {
            options.put(name, values);
        }
        return true;
    }

    /** Looks whether the words are as many as there may be. Where files are among them they are left to picocli. */
    private static boolean fit(List<Word> wanted, List<String> words) {
        int least = 0;
        boolean isMany = false;
        for (Word word : wanted) {
            least += word.least();
            isMany |= word.isMany();
            if (word.isPath()) {
                return false;
            }
        }
        return words.size() >= least && (isMany || words.size() <= wanted.size());
    }

    private static @Nullable String path(String text) {
        try {
            return Path.of(text).toString();
        } catch (InvalidPathException e) {
            return null;
        }
    }
}

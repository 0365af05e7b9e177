package dev.rollcall.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The options a bench is run with, as {@code --name value} or {@code --name=value}. Immutable. */
public final class Options {
    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads the arguments after the name of a bench.
     *
     * @throws IllegalArgumentException if there is no such option, or its value is missing
     */
    public static Options parse(List<Option> known, List<String> arguments) {
        Map<String, String> values = new LinkedHashMap<>();
        known.forEach(option -> values.put(option.name(), option.defaultValue()));
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf('=');
            String flag = equals < 0 ? argument : argument.substring(0, equals);
            String name = flag.startsWith("--") ? flag.substring(2) : "";
            if (!values.containsKey(name)) {
                throw new IllegalArgumentException("option: " + flag + " (expected: one of " + flags(known) + ")");
            }
            if (equals >= 0) {
                values.put(name, argument.substring(equals + 1));
            } else if (i + 1 < arguments.size()) {
                values.put(name, arguments.get(++i));
            } else {
                throw new IllegalArgumentException(flag + ": no value (expected: " + flag + " VALUE)");
            }
        }
        return new Options(values);
    }

    private static String flags(List<Option> known) {
        return known.isEmpty()
                ? "none"
                : String.join(
                        " ", known.stream().map(option -> "--" + option.name()).toList());
    }

    /** Returns the value as it was written. */
    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("option: " + name + " (expected: one that the bench declares)");
        }
        return value;
    }

    /** Returns a whole number that is at least {@code least}. */
    public int number(String name, int least) {
        String text = text(name).replace("_", "").replace(",", "");
        try {
            int number = Integer.parseInt(text);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--" + name + ": " + text(name) + " (expected: a whole number)", e);
        }
        throw new IllegalArgumentException("--" + name + ": " + text(name) + " (expected: >= " + least + ")");
    }

    /** Returns the parts of a list, none for an empty text. */
    public List<String> list(String name) {
        return split(text(name), ",");
    }

    /** Returns whole numbers separated by commas. */
    public List<Integer> numbers(String name) {
        try {
            return list(name).stream()
                    .map(part -> Integer.valueOf(part.replace("_", "")))
                    .toList();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "--" + name + ": " + text(name) + " (expected: whole numbers separated by commas)", e);
        }
    }

    /** Returns the words of a text. */
    public List<String> words(String name) {
        return split(text(name), " ");
    }

    private static List<String> split(String text, String separator) {
        return Arrays.stream(text.split(separator))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }
}

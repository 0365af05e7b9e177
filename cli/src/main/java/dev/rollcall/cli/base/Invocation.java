package dev.rollcall.cli.base;

import dev.rollcall.cli.output.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command as it was called. Used by one thread; {@link #output} by any. */
public final class Invocation {
    private final Arguments arguments;
    private final Surroundings around;
    private final Output output;
    private @Nullable String pipedFor;
    private String piped = "";

    /** Makes one of what the command line says. */
    public Invocation(Arguments arguments, Surroundings around) {
        this.arguments = arguments;
        this.around = around;
        this.output = new Output(
                around.out(),
                around.err(),
                has("--json"),
                has("--quiet"),
                around.terminal() ? around.zone() : null,
                colours(text("--color", "auto"), around));
    }

    private static boolean colours(String when, Surroundings around) {
        return switch (when) {
            case "always" -> true;
            case "never" -> false;
            case "auto" ->
                around.terminal()
                        && around.variables().getOrDefault("NO_COLOR", "").isEmpty()
                        && !"dumb".equals(around.variables().get("TERM"));
            default -> throw Failure.expected("--color", when, "auto, always or never");
        };
    }

    /** Returns where results go. */
    public Output output() {
        return output;
    }

    /** Returns what is around. */
    public Surroundings around() {
        return around;
    }

    /**
     * Returns the first line of what is piped in, for an option that says so; the lines behind it are left to be read. The same again for
     * the same option.
     */
    public String piped(String option, int most) throws IOException {
        if (option.equals(pipedFor)) {
            return piped;
        }
        if (pipedFor != null) {
            throw Failure.usage(option + ": " + Targeting.PIPED + " (expected: a file, for " + pipedFor
                    + " has the first line of what is piped in)");
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        // Byte by byte, so that nothing is taken from who reads on.
        for (int next = around.in().read();
                next >= 0 && next != '\n';
                next = around.in().read()) {
            line.write(next);
            if (line.size() > most) {
                throw Failure.expected(option, Targeting.PIPED, "a line with nothing but the secret");
            }
        }
        pipedFor = option;
        piped = line.toString(StandardCharsets.UTF_8).strip();
        return piped;
    }

    /** Returns whether an option was given; {@code false} where there is no such option. */
    public boolean has(String option) {
        return arguments.options().containsKey(option);
    }

    /** Returns the value of an option, or null. */
    public @Nullable String text(String option) {
        List<String> values = list(option);
        return values.isEmpty() ? null : values.get(0);
    }

    /** Returns the value of an option, or another. */
    public String text(String option, String other) {
        String value = text(option);
        return value == null ? other : value;
    }

    /** Returns the values of an option that may be given several times. */
    public List<String> list(String option) {
        return arguments.options().getOrDefault(option, List.of());
    }

    /** Returns the value of an option that is a duration, or another. */
    public Duration duration(String option, Duration other) {
        String value = text(option);
        return value == null ? other : Durations.parse(option, value);
    }

    /** Returns the value of an option that is a whole number, or another. */
    public int number(String option, int other, int least, int most) {
        String value = text(option);
        if (value == null) {
            return other;
        }
        String expected = "a whole number, " + least + " to " + most;
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw Failure.expected(option, value, expected);
    }

    /** Returns the words that are no options. */
    public List<String> words() {
        return arguments.words();
    }

    /** Returns the words from the one at an index on. */
    public List<String> words(int from) {
        List<String> words = words();
        return words.subList(Math.min(from, words.size()), words.size());
    }

    /** Returns one of the words, which must be there. */
    public String word(int index) {
        return words().get(index);
    }
}

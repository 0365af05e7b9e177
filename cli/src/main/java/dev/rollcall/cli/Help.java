package dev.rollcall.cli;

import dev.rollcall.cli.base.Verb;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The page that names every command: kept as a file, so that neither the launcher nor this program has to make it. */
final class Help {
    private static final int WIDTH = 79;
    private static final int COLUMN = 14;

    private Help() {}

    static String page() {
        try (InputStream kept = Help.class.getResourceAsStream("help.txt")) {
            return new String(Objects.requireNonNull(kept, "help.txt").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the page anew; a test holds the file to it. */
    static String made() {
        StringBuilder page = new StringBuilder("""
                Usage: rollcall COMMAND [option]...

                A self-hosted presence server that speaks PubNub's wire protocol.
                """);
        for (Map.Entry<String, List<Verb>> group : Commands.byHeading().entrySet()) {
            page.append('\n').append(group.getKey()).append(":\n");
            for (Verb verb : group.getValue()) {
                String summary = verb.summary();
                int end = summary.indexOf(". ");
                String first = end < 0 ? summary.replaceFirst("\\.$", "") : summary.substring(0, end);
                entry(page, verb.name(), first);
            }
        }
        return page.append("""

                rollcall help COMMAND    the options of a command
                rollcall --version

                Which server: --url and --key, or ROLLCALL_URL and ROLLCALL_SUBSCRIBE_KEY, or
                a context. --json prints a JSON object a line. Ends with status 0 if all is
                well, 1 if something failed, 2 if the command line is wrong, 3 if the answer
                is no, 4 if it was refused, 5 if no server answers.
                """).toString();
    }

    /** Adds a line, or several that are not too wide. */
    private static void entry(StringBuilder page, String name, String text) {
        StringBuilder line = new StringBuilder("  ").append(name);
        line.append(" ".repeat(Math.max(1, COLUMN - name.length() - 2)));
        for (String word : text.split(" ")) {
            if (line.length() + word.length() > WIDTH) {
                page.append(line.toString().stripTrailing()).append('\n');
                line = new StringBuilder(" ".repeat(COLUMN));
            }
            line.append(word).append(' ');
        }
        page.append(line.toString().stripTrailing()).append('\n');
    }
}

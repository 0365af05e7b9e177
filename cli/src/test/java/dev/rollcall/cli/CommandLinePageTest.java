package dev.rollcall.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.context.Variables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Checks that {@code docs/cli.md} says what the code says. With {@code -Dupdate-docs} it regenerates the page. */
class CommandLinePageTest {
    private static final Path PAGE = Path.of(System.getProperty("basedir", "."))
            .resolve("../docs/cli.md")
            .normalize();

    @Test
    void page_saysWhatTheCodeSays() throws IOException {
        String page = page();
        if (System.getProperty("update-docs") != null) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).as("generate it with -Dupdate-docs").exists();
        assertThat(Files.readString(PAGE))
                .as("regenerate it with -Dupdate-docs")
                .isEqualTo(page);
    }

    private static String page() {
        StringBuilder out = new StringBuilder("""
                # The command line

                A test generates this page from the code. Regenerate it with
                `./mvnw test -pl cli -am -Dtest='CommandLine*Test' -Dsurefire.failIfNoSpecifiedTests=false -Dupdate-docs`.

                ```
                rollcall serve                                # in one terminal
                rollcall watch lobby                          # in another: who comes and goes
                rollcall join lobby --as alice                # in a third
                rollcall here lobby
                rollcall why alice lobby                      # why is she shown as online?
                rollcall join lobby --as guest -n 100         # a crowd, until ^C
                rollcall doctor --url https://presence.example.com --key my-key
                ```

                ## Which server

                What the command line says goes before the environment, that before the context, that before the default. A context is a name
                for a server and what it takes to ask it, kept in `$XDG_CONFIG_HOME/rollcall/contexts.yaml`, which only its owner may
                read: `rollcall context add prod --url https://presence.example.com`, `rollcall context use prod`.

                Secrets come from the environment or from a file: `--secret-key-file`, `--auth-file`, `--admin-token-file`; `-` is the first
                line of standard input. `--auth TOKEN` is for trying things out: while a command runs everybody on the machine can see its
                options, as in `ps`, and shells keep them. A token that is good for longer belongs in `--auth-file` or `ROLLCALL_AUTH`.

                | variable | option | default | what |
                |---|---|---|---|
                """);
        for (Variables.Variable variable : Variables.all()) {
            out.append("| `").append(variable.name()).append("` | ");
            out.append(variable.flag().isEmpty() ? "" : '`' + variable.flag() + '`')
                    .append(" | ");
            out.append(variable.other().isEmpty() ? "" : '`' + variable.other() + '`')
                    .append(" | ");
            out.append(variable.meaning()).append(" |\n");
        }
        out.append("""

                ## What it prints

                Results go to standard output, all else to standard error. `--json` prints a JSON object a line, with the names of the HTTP API.
                Times are those of the clock on the wall on a terminal, and ISO 8601 in UTC otherwise; colours are for terminals, unless
                `NO_COLOR` is set or `--color` says otherwise. What would do something to a terminal in a name or a state is shown by its number;
                JSON is exact.

                | status | meaning |
                |---|---|
                | 0 | all is well; also when whoever reads the output has had enough |
                | 1 | it failed |
                | 2 | the command line, or a configuration, is wrong |
                | 3 | the answer is no: offline, empty, not found |
                | 4 | refused: no right, or no token |
                | 5 | no server answers |
                | 130 | ended by ^C |
                """);
        for (Map.Entry<String, List<Verb>> group : Commands.byHeading().entrySet()) {
            out.append("\n## ").append(group.getKey()).append('\n');
            for (Verb verb : group.getValue()) {
                describe(out, List.of(verb.name()), verb);
            }
        }
        return out.toString();
    }

    private static void describe(StringBuilder out, List<String> words, Verb verb) {
        if (!verb.verbs().isEmpty()) {
            verb.verbs().forEach(below -> describe(out, List.of(verb.name(), below.name()), below));
            return;
        }
        Terminal terminal = new Terminal();
        List<String> line = new java.util.ArrayList<>(List.of("help"));
        line.addAll(words);
        assertThat(terminal.run(line.toArray(new String[0]))).isZero();
        out.append("\n### `").append(String.join(" ", words)).append("`\n\n```\n");
        terminal.out()
                .lines()
                .filter(one -> !isShared(one, verb))
                .forEach(one -> out.append(one).append('\n'));
        out.append("```\n");
    }

    /** What every command has is described above. */
    private static boolean isShared(String line, Verb verb) {
        return verb.scope() != Verb.Scope.LOCAL
                        && line.matches("  +(-\\w, )?--(url|publish-key|secret-key-file|auth|admin-url|admin-token-file"
                                + "|context)\\b.*|.*(8091\\.|Signs requests with the secret key in|The token for the admin"
                                + " port is in this).*")
                || line.matches("  +(-\\w, )?--(json|quiet|color|help)\\b.*");
    }
}
